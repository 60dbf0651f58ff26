using System.Globalization;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Views;

/// <summary>USD per token of prompt and completion, as decimal strings.</summary>
public sealed record PricingCard(string Prompt, string Completion)
{
    private const long Million = 1_000_000;

    /// <summary>USD per image that is made; null where images cost nothing of their own.</summary>
    public string? Image { get; init; }

    /// <summary>USD per character that is spoken; null where characters cost nothing.</summary>
    public string? Character { get; init; }

    /// <summary>USD per minute of sound that is listened to; null where sound costs nothing of its own.</summary>
    public string? AudioMinute { get; init; }

    public static PricingCard Of(Model model) => new(Usd(model.Price.InputPerMillion, Million), Usd(model.Price.OutputPerMillion, Million))
    {
        Image = Some(model.NanosPerImage, 1),
        Character = Some(model.Price.CharactersPerMillion, Million),
        AudioMinute = Some(model.Price.AudioMinute, 1),
    };

    private static string? Some(long nanos, long per) => nanos > 0 ? Usd(nanos, per) : null;

    private static string Usd(long nanos, long per) =>
        (nanos / (decimal)Money.NanosPerDollar / per).ToString("0.##################", CultureInfo.InvariantCulture);
}
