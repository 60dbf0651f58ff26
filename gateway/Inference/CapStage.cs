using System.Globalization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>Holds a request's content against the caps of its plan, before any quota is touched.</summary>
public static class CapStage
{
    /// <param name="promptTokens">The tokens that the prompt has at the least.</param>
    /// <returns>The first cap that is exceeded; null where all hold.</returns>
    public static Refusal? Check(Caps caps, RequestBody body, Model model, long promptTokens)
    {
        var content = body.Surface.Content.Name;
        if (!caps.ImageInput && body.ImageInputs > 0)
        {
            return Refuse.CapExceeded(
                content, CapBound.Forbidden, $"Images in {content} are not part of this plan. Send text only.");
        }

        var ceiling = body.Surface.Ceiling is { } member ? RequestShape.NameOf(member, body.Surface) : null;
        if (caps.OutputTokens is { } output && body.OutputCeiling > output)
        {
            return Refuse.CapExceeded(
                ceiling,
                output,
                $"This plan answers with {output} tokens at most. Set {ceiling} to {output} or less.");
        }

        // At least one token is answered wherever answers have a length at all.
        var needed = promptTokens + (ceiling is null ? 0 : Math.Max(1, body.OutputCeiling ?? 1));
        if (caps.ContextTokens is { } context && body.Surface.Counts(Measures.InputTokens) && needed > context)
        {
            return Refuse.ContextLengthExceeded(content, body.OutputCeilingName, needed, context);
        }

        return body.Surface.Counts(Measures.Images) ? CheckImages(caps, body, model) : null;
    }

    private static Refusal? CheckImages(Caps caps, RequestBody body, Model model)
    {
        if (caps.Images is { } images && body.Images > images)
        {
            return Refuse.CapExceeded(
                "n", images, $"This plan makes {images} image(s) per request. Set n to {images} or less.");
        }

        // Where no size is asked for, the plan's is set.
        var boundsSize = caps.ImageSizes.Count > 0 && body.ImageSize is not null;
        if (boundsSize && !caps.ImageSizes.Any(most => IsWithin(body.ImageSize!, most)))
        {
            var sizes = string.Join(" or ", caps.ImageSizes);
            return Refuse.CapExceeded(
                "size", sizes, $"This plan makes images of {sizes} at most. Set size to it, or leave it out.");
        }

        var tokens = body.Images * (model.ImageTokens ?? 0);
        return caps.ImageTokens is { } most && tokens > most
            ? Refuse.CapExceeded(
                "model",
                most,
                $"Images that take more than {most} tokens are not part of this plan; "
                    + $"this request would take {tokens}. Ask for fewer, or for another model.")
            : null;
    }

    /// <summary>
    /// Tells whether an image fits into another, both given as width and height in pixels: <c>256x256</c>.
    /// </summary>
    private static bool IsWithin(string size, string most) =>
        Pixels(size) is { } wanted && Pixels(most) is { } allowed
            ? wanted.Width <= allowed.Width && wanted.Height <= allowed.Height
            : size.Equals(most, StringComparison.Ordinal);

    private static (int Width, int Height)? Pixels(string size) =>
        size.Split('x') is [var width, var height]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var wide)
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            ? (wide, high)
            : null;
}
