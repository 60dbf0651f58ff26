using System.Text.Json;
using System.Text.Unicode;
using Freeway.Gateway.Core;

namespace Freeway.Functions.Http.Requests;

/// <summary>
/// Finds text that no string can hold before anybody reads it as one: what is kept must come back as it was sent.
/// </summary>
internal static class JsonTextValidator
{
    /// <summary>
    /// Checks that no text is broken, and returns the refusal; null where all text is whole. Whether it is JSON at all,
    /// and what it says, is for its reader to tell.
    /// </summary>
    public static Refusal? Check(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return Refuse.InvalidJson("it is not UTF-8, or a character of it was cut in half.");
        }

        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return Refuse.InvalidJson(
                "a character of it is cut in half: an escape from \\ud800 to \\udfff stands alone.");
        }
        catch (JsonException)
        {
            // Its reader says what is wrong.
        }

        return null;
    }
}
