using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Request;

/// <summary>
/// Counts what of a request may reach the model: the bytes of texts as they are written, and images apart. An image
/// that is sent in the request itself, as a data URL or as the data of its source, is no text: its bytes are left out.
/// </summary>
internal ref struct PromptMeasure
{
    private readonly PromptTokenCounter? _tokens;
    private Levels _levels;

    /// <param name="tokens">Counts the tokens, too; null where nobody needs them.</param>
    public PromptMeasure(PromptTokenCounter? tokens) => _tokens = tokens;

    public long Bytes { get; private set; }

    public int Images { get; private set; }

    /// <summary>
    /// Gets the number of texts and arrays that stand side by side in the content; numbers make one text together.
    /// </summary>
    public int Items { get; private set; }

    /// <summary>Takes the value that the reader stands at, to its end, and looks for images in it.</summary>
    /// <returns>False where the body ends or is nested too deep before that; nothing is then counted.</returns>
    public bool TakeContent(ref Utf8JsonReader json)
    {
        var (start, first) = (json.TokenStartIndex, json.CurrentDepth);
        var images = 0L;
        while (true)
        {
            var image = Image(ref json);
            images += image;
            if (image is 0)
            {
                _tokens?.Take(ref json);
            }

            var isItem = json.TokenType is JsonTokenType.String or JsonTokenType.StartArray;
            Items += isItem && json.CurrentDepth == first + 1 ? 1 : 0;
            if (IsEnd(json.TokenType, json.CurrentDepth - first))
            {
                Bytes += json.BytesConsumed - start - images;
                return true;
            }

            if (!RequestScan.GoesOn(ref json))
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Takes a value that is nothing but text, if it is prompt at all: a number or a flag says nothing to a model.
    /// </summary>
    /// <inheritdoc cref="TakeContent" path="/returns"/>
    public bool TakeOther(ref Utf8JsonReader json)
    {
        var (start, first) = (json.TokenStartIndex, json.CurrentDepth);
        var counts = json.TokenType is JsonTokenType.String or JsonTokenType.StartObject or JsonTokenType.StartArray;
        while (true)
        {
            if (counts)
            {
                _tokens?.Take(ref json);
            }

            if (IsEnd(json.TokenType, json.CurrentDepth - first))
            {
                break;
            }

            if (!RequestScan.GoesOn(ref json))
            {
                return false;
            }
        }

        Bytes += counts ? json.BytesConsumed - start : 0;
        return true;
    }

    /// <summary>Tells whether a token ends the value that began at depth 0.</summary>
    private static bool IsEnd(JsonTokenType token, int depth) =>
        depth is 0 && token is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);

    /// <summary>Looks for an image in the part of a message that the token belongs to.</summary>
    /// <returns>How many bytes of an image the token holds.</returns>
    private long Image(ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                _levels[depth + 1] = default;
                break;
            case JsonTokenType.EndObject:
                Images += _levels[depth + 1].IsImage ? 1 : 0;
                break;
            case JsonTokenType.PropertyName:
                _levels[depth].Name =
                    json.ValueTextEquals("type"u8) ? PartName.Type
                    : json.ValueTextEquals("image_url"u8) ? PartName.ImageUrl
                    : json.ValueTextEquals("url"u8) ? PartName.Url
                    : json.ValueTextEquals("source"u8) ? PartName.Source
                    : json.ValueTextEquals("media_type"u8) ? PartName.MediaType
                    : json.ValueTextEquals("data"u8) ? PartName.Data
                    : PartName.Other;
                break;
            case JsonTokenType.String:
                return Text(ref json, depth);
        }

        return 0;
    }

    private long Text(ref Utf8JsonReader json, int depth)
    {
        ref var level = ref _levels[depth];
        ref var part = ref level;
        switch (level.Name)
        {
            case PartName.Type:
                level.IsImage |= IsImageType(ref json);
                return 0;
            case PartName.ImageUrl:
                break;
            case PartName.MediaType:
                level.HoldsImage = json.ValueSpan.StartsWith("image/"u8);
                return 0;
            case PartName.Data when depth > 0 && _levels[depth - 1].Name is PartName.Source:
                // The source of a document is one, too, and is text.
                return _levels[depth - 1].IsImage || level.HoldsImage ? json.ValueSpan.Length : 0;
            case PartName.Url when depth > 0 && _levels[depth - 1].Name is PartName.ImageUrl:
                part = ref _levels[depth - 1];
                break;
            default:
                return 0;
        }

        // Some upstreams take a part by what it holds, whatever type it names.
        part.IsImage = true;
        return json.ValueSpan.StartsWith("data:"u8) ? json.ValueSpan.Length : 0;
    }

    private static bool IsImageType(ref Utf8JsonReader json) =>
        json.ValueTextEquals("image_url"u8) || json.ValueTextEquals("input_image"u8) || json.ValueTextEquals("image"u8);

    private enum PartName : byte
    {
        Other,
        Type,
        ImageUrl,
        Url,
        Source,
        MediaType,
        Data,
    }

    /// <summary>
    /// Is an open object or array: the member that is being read, and whether it has shown itself to be an image.
    /// </summary>
    /// <param name="HoldsImage">Whether it says of its data that they are an image.</param>
    private record struct Level(PartName Name, bool IsImage, bool HoldsImage);

    [InlineArray(RequestBody.MaxDepth + 2)]
    private struct Levels
    {
        private Level _first;
    }
}
