namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Usage that an upstream reports in each choice and not for the whole answer. Each choice has output of its own, and
/// all of them have one prompt between them.
/// </summary>
internal sealed class ChoiceUsage
{
    private readonly SortedDictionary<long, UsageReader> _choices = [];

    /// <summary>All that was reported so far: the largest prompt, and the output of all choices.</summary>
    public TokenUsage Usage => _choices.Count switch
    {
        0 => TokenUsage.None,
        1 => _choices.Values.First().Usage,
        _ => Sum([.. _choices.Values.Select(choice => choice.Usage)]),
    };

    /// <summary>Takes what a choice reports; a later report of the same choice overrules an earlier one.</summary>
    /// <param name="index">The choice's own number.</param>
    public void Take(long index, in UsageReader report)
    {
        var known = _choices.GetValueOrDefault(index);
        known.Take(report);
        _choices[index] = known;
    }

    private static TokenUsage Sum(IReadOnlyList<TokenUsage> choices)
    {
        var completion = Sum(choices.Select(UsageEstimator.CompletionOf));
        return new TokenUsage(choices.Max(choice => choice.Prompt), completion, null)
        {
            Cached = choices.Max(choice => choice.Cached),
            Reasoning = Sum(choices.Select(ReasoningOf)),
        };
    }

    /// <summary>Reasoning that is reported, or that only the total of a choice shows.</summary>
    private static long? ReasoningOf(TokenUsage choice)
    {
        var apart = UsageEstimator.CompletionOf(choice) - choice.Completion;
        return apart > (choice.Reasoning ?? 0) ? apart : choice.Reasoning;
    }

    /// <summary>Adds up what the choices report; null where none reports anything.</summary>
    private static long? Sum(IEnumerable<long?> counts)
    {
        var told = counts.OfType<long>().ToList();
        return told.Count > 0 ? told.Sum() : null;
    }
}
