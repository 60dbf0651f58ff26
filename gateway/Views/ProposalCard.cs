namespace Freeway.Gateway.Views;

/// <summary>What an upstream's list of models would change in the catalogue, were it followed. Nothing is changed by it.</summary>
/// <param name="Change"><c>new</c>, <c>changed</c> or <c>gone</c>.</param>
/// <param name="UpstreamModel">The model's name there.</param>
/// <param name="Models">The catalogue's models that have a route to it.</param>
public sealed record ProposalCard(string Change, string UpstreamModel, IReadOnlyList<string> Models)
{
    public const string New = "new";
    public const string Changed = "changed";
    public const string Gone = "gone";

    /// <summary>Of a new one.</summary>
    public ProposedModel? Entry { get; init; }

    /// <summary>Of one that has changed.</summary>
    public IReadOnlyList<FieldChange>? Fields { get; init; }
}
