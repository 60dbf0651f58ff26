using System.Text;

namespace Freeway.Bicep.Tests.Compiler;

/// <summary>Reads the expressions that the deployment engine leaves where Azure alone knows a value.</summary>
internal static class ArmExpression
{
    /// <summary>Stands for what Azure alone knows.</summary>
    public const string Unknown = "…";

    /// <summary>
    /// The text that a value comes to: <c>[format('https://{0}', reference(…).host)]</c> is <c>https://…</c>.
    /// </summary>
    public static string Readable(string value) =>
        value.StartsWith('[') && value.EndsWith(']') ? Text(value[1..^1]) : value;

    private static string Text(string expression)
    {
        if (expression.StartsWith('\''))
        {
            return expression[1..^1].Replace("''", "'", StringComparison.Ordinal);
        }

        if (!expression.StartsWith("format(", StringComparison.Ordinal))
        {
            return Unknown;
        }

        var arguments = Arguments(expression["format(".Length..^1]).Select(Text).ToArray();
        return string.Format(null, arguments[0], [.. arguments[1..]]);
    }

    /// <summary>Splits at the commas that stand neither in a text nor in the arguments of another call.</summary>
    private static IEnumerable<string> Arguments(string list)
    {
        var (argument, depth, quoted) = (new StringBuilder(), 0, false);
        foreach (var letter in list)
        {
            quoted ^= letter is '\'';
            depth += letter switch
            {
                '(' when !quoted => 1,
                ')' when !quoted => -1,
                _ => 0,
            };
            var isBetween = letter is ',' && depth is 0 && !quoted;
            if (isBetween)
            {
                yield return argument.ToString().Trim();
                argument.Clear();
                continue;
            }

            argument.Append(letter);
        }

        yield return argument.ToString().Trim();
    }
}
