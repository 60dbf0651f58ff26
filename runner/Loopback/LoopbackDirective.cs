using System.Globalization;

namespace Freeway.Runner.Loopback;

/// <summary>
/// The script that a message carries itself, so that it survives any gateway: <c>/script chunks=5 delay_ms=200
/// hello</c>. What follows the last setting is the text to answer.
/// </summary>
internal static class LoopbackDirective
{
    private const string Mark = "/script";

    /// <exception cref="FormatException">A setting is not known or its value makes no sense; the message says
    ///     which.</exception>
    public static LoopbackScript Read(string text)
    {
        var words = TurnReading.Words(text);
        if (words is not [Mark, ..])
        {
            return new LoopbackScript();
        }

        var settings = words.Skip(1).TakeWhile(word => word.Contains('=', StringComparison.Ordinal)).ToList();
        var script = settings.Aggregate(new LoopbackScript(), Apply);
        return script with { Text = string.Join(' ', words.Skip(1 + settings.Count)) };
    }

    private static LoopbackScript Apply(LoopbackScript script, string setting)
    {
        var (name, value) = setting.Split('=', 2) is var pair ? (pair[0], pair[1]) : default;
        return name switch
        {
            "words" => script with { Words = Number(setting, value) },
            "chunks" => script with { Chunks = Number(setting, value) },
            "delay_ms" => script with { Delay = TimeSpan.FromMilliseconds(Number(setting, value)) },
            "first_byte_delay_ms" => script with { FirstByteDelay = TimeSpan.FromMilliseconds(Number(setting, value)) },
            "usage" when Enum.TryParse<LoopbackUsage>(value, ignoreCase: true, out var usage) => script with { Usage = usage },
            "seconds" => script with { Seconds = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : throw Unknown(setting) },
            "image_tokens" => script with { ImageTokens = Number(setting, value) },
            "error" => script with { Error = Number(setting, value) is >= 400 and < 600 and var status ? status : throw Unknown(setting) },
            "retry_after" => script with { RetryAfter = Number(setting, value) },
            "error_after" => script with { ErrorAfter = Number(setting, value) },
            "drop_after" => script with { DropAfter = Number(setting, value) },
            "hang_up" when bool.TryParse(value, out var hangUp) => script with { HangUp = hangUp },
            "done" when bool.TryParse(value, out var done) => script with { Done = done },
            "finish_reason" => script with { FinishReason = value },
            _ => throw Unknown(setting),
        };
    }

    private static int Number(string setting, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown(setting);

    private static FormatException Unknown(string setting) => new($"The script's setting '{setting}' is not understood.");
}
