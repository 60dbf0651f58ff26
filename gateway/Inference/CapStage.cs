using System.Globalization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>Holds a request's content against the caps of its plan. It comes before any quota is touched.</summary>
public static class CapStage
{
    /// <param name="promptTokens">As estimated.</param>
    /// <returns>The first cap that is exceeded; null where all hold.</returns>
    public static Refusal? Check(Caps caps, RequestBody body, Model model, long promptTokens)
    {
        if (!caps.ImageInput && body.ImageInputs > 0)
        {
            return Refuse.CapExceeded(body.Surface.Content.Name, "0", $"Images in {body.Surface.Content.Name} are not part of this plan. Send text only.");
        }

        var ceiling = body.Surface.Ceiling is { } member ? RequestShape.NameOf(member, body.Surface) : null;
        if (caps.OutputTokens is { } output && body.OutputCeiling > output)
        {
            return Refuse.CapExceeded(ceiling, Text(output), $"This plan answers with {output} tokens at most. Set {ceiling} to {output} or less.");
        }

        var needed = promptTokens + (ceiling is null ? 0 : Math.Max(1, body.OutputCeiling ?? 1));
        if (caps.ContextTokens is { } context && body.Surface.Counts(Measures.InputTokens) && needed > context)
        {
            return Refuse.ContextLengthExceeded(body.Surface.Content.Name, ceiling, needed, context);
        }

        return body.Surface.Counts(Measures.Images) ? CheckImages(caps, body, model) : null;
    }

    private static Refusal? CheckImages(Caps caps, RequestBody body, Model model)
    {
        if (caps.Images is { } images && body.Images > images)
        {
            return Refuse.CapExceeded("n", Text(images), $"This plan makes {images} image(s) per request. Set n to {images} or less.");
        }

        // Where no size is asked for, the plan's is set.
        if (caps.ImageSizes.Count > 0 && body.ImageSize is { } size && !caps.ImageSizes.Any(most => IsWithin(size, most)))
        {
            var sizes = string.Join(" or ", caps.ImageSizes);
            return Refuse.CapExceeded(
                "size", sizes, $"This plan makes images of {sizes} at most. Set size to it, or leave it out.");
        }

        return caps.ImageTokens is { } most && body.Images * (model.ImageTokens ?? 0) > most
            ? Refuse.CapExceeded("model", Text(most), $"Images that take more than {most} tokens are not part of this plan; this request would take {body.Images * model.ImageTokens}. Ask for fewer, or for another model.")
            : null;
    }

    /// <summary>
    /// True where an image fits into another, both given as width and height in pixels: <c>256x256</c>.
    /// </summary>
    private static bool IsWithin(string size, string most) =>
        Pixels(size) is { } asked && Pixels(most) is { } allowed
            ? asked.Width <= allowed.Width && asked.Height <= allowed.Height
            : size.Equals(most, StringComparison.Ordinal);

    private static (int Width, int Height)? Pixels(string size) =>
        size.Split('x') is [var width, var height]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var wide)
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            ? (wide, high)
            : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
