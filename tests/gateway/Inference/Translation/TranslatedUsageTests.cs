using System.Text;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Freeway.Gateway.Tests.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Translation;

/// <summary>
/// What an upstream reports is booked whatever the caller's surface is: docs/usage-shapes.md holds translated, too.
/// </summary>
public sealed class TranslatedUsageTests
{
    private const int PromptBytes = 52;
    private const int Held = 4096;

    public static TheoryData<string> Recordings =>
        [.. UsageShapeTests.OfChat.Where(file => !IsOdd(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Shape_OfChatCompletions_IsBookedAsItIsUntranslated(string file)
    {
        var bytes = UsageShapeTests.Bytes(file, "\n");
        var (own, _) = await UsageShapeTests.RelayAsync(file, [bytes]);
        var end = UsageShapeTests.IsReset(file) ? new IOException("reset") : null;

        var (translated, _) = file.EndsWith(".stream", StringComparison.Ordinal)
            ? await Translating.StreamAsync([bytes], end)
            : await Translating.WholeAsync([bytes]);

        Usage.Of(translated, Surface.Messages, PromptBytes, Held).ShouldBe(Usage.Of(own, Surface.ChatCompletions, PromptBytes, Held));
        translated.Ending.ShouldBe(own.Ending);
    }

    /// <summary>
    /// Several answers, which messages cannot ask for; and what cannot be read, which a translation withholds.
    /// </summary>
    private static bool IsOdd(string file) => file is "usage-in-choices.stream" or "usage-in-choices.json" or "unreadable.json" or "unreadable.stream";
}
