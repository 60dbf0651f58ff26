using System.Text.Json;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>Reads the value that stands at a member's name, or says what it must be. What is written as null is left as it was.</summary>
internal static class RequestValues
{
    public static Refusal? Flag(ref Utf8JsonReader json, string name, out bool flag)
    {
        flag = json.TokenType is JsonTokenType.True;
        return flag || json.TokenType is JsonTokenType.False or JsonTokenType.Null
            ? null
            : Refuse.InvalidField(name, $"'{name}' must be true or false.");
    }

    public static Refusal? Number(ref Utf8JsonReader json, string name, int most, ref int number)
    {
        if (json.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (json.TokenType is JsonTokenType.Number && json.TryGetInt32(out var written) && written >= 1 && written <= most)
        {
            number = written;
            return null;
        }

        return Refuse.InvalidField(name, $"'{name}' must be a whole number from 1 to {most}.");
    }

    public static Refusal? Text(ref Utf8JsonReader json, string name, string example, ref string? text)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            return Refuse.InvalidField(name, $"'{name}' must be a string such as \"{example}\".");
        }

        text = json.GetString() ?? text;
        return null;
    }
}
