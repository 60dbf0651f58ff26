using System.Globalization;

namespace Freeway.EmbeddedTables;

/// <summary>
/// Reads the service's filter language: comparisons of a property with a literal, joined by <c>and</c>, <c>or</c>,
/// <c>not</c> and parentheses.
/// </summary>
/// <remarks>
/// The literals are OData 3's (<c>10L</c>, <c>datetime'…'</c>), which today's OData libraries no longer read.
/// </remarks>
internal sealed class FilterReader
{
    private static readonly string[] Operators = ["eq", "ne", "gt", "ge", "lt", "le"];

    private readonly string _text;
    private int _at;

    private FilterReader(string text) => _text = text;

    /// <returns>Null for a text without conditions.</returns>
    /// <exception cref="FormatException">The text is no filter, or one of a kind that is not supported.</exception>
    public static Filter? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var reader = new FilterReader(text);
        var filter = reader.ReadOr();
        return reader._at >= text.Length ? filter : throw reader.Unexpected();
    }

    private Filter ReadOr()
    {
        var left = ReadAnd();
        while (TryWord("or"))
        {
            left = new Filter.Or(left, ReadAnd());
        }

        return left;
    }

    private Filter ReadAnd()
    {
        var left = ReadNot();
        while (TryWord("and"))
        {
            left = new Filter.And(left, ReadNot());
        }

        return left;
    }

    private Filter ReadNot()
    {
        if (TryWord("not"))
        {
            return new Filter.Not(ReadNot());
        }

        SkipSpace();
        if (Next is not '(')
        {
            return ReadComparison();
        }

        _at++;
        var inner = ReadOr();
        SkipSpace();
        if (Next is not ')')
        {
            throw Unexpected();
        }

        _at++;
        return inner;
    }

    private Filter.Comparison ReadComparison()
    {
        var property = ReadWord();
        var comparison = ReadWord();
        if (property.Length is 0 || !Operators.Contains(comparison))
        {
            throw Unexpected();
        }

        return new Filter.Comparison(property, comparison, ReadLiteral());
    }

    private object ReadLiteral()
    {
        SkipSpace();
        if (Next is '\'')
        {
            return ReadQuoted();
        }

        var start = _at;
        while (char.IsLetterOrDigit(Next) || Next is '.' or '-' or '+')
        {
            _at++;
        }

        var word = _text[start.._at];
        if (Next is '\'' && word.Length > 0)
        {
            return Typed(word, ReadQuoted());
        }

        return word switch
        {
            "true" => true,
            "false" => false,
            _ => Number(word),
        };
    }

    private object Number(string word)
    {
        var culture = CultureInfo.InvariantCulture;
        if (word.EndsWith('L') && long.TryParse(
            word.AsSpan(..^1), NumberStyles.AllowLeadingSign, culture, out var large))
        {
            return large;
        }

        if (int.TryParse(word, NumberStyles.AllowLeadingSign, culture, out var small))
        {
            return small;
        }

        return word.Length > 0 && double.TryParse(word, NumberStyles.Float, culture, out var real)
            ? real
            : throw Unexpected();
    }

    private object Typed(string type, string text)
    {
        var styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
        switch (type)
        {
            case "datetime" when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var time):
                return time;
            case "guid" when Guid.TryParse(text, out var id):
                return id;
            case "X" or "binary" when text.Length % 2 is 0 && text.All(char.IsAsciiHexDigit):
                return Convert.FromHexString(text);
            default:
                throw Unexpected();
        }
    }

    private string ReadQuoted()
    {
        var text = new System.Text.StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] is '\'')
            {
                _at++;
                if (Next is not '\'')
                {
                    return text.ToString();
                }
            }

            text.Append(_text[_at]);
        }

        throw Unexpected();
    }

    private bool TryWord(string wanted)
    {
        var start = _at;
        if (ReadWord() == wanted)
        {
            return true;
        }

        _at = start;
        return false;
    }

    private string ReadWord()
    {
        SkipSpace();
        var start = _at;
        while (char.IsLetterOrDigit(Next) || Next is '_')
        {
            _at++;
        }

        return _text[start.._at];
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private void SkipSpace()
    {
        while (Next is ' ')
        {
            _at++;
        }
    }

    private FormatException Unexpected() =>
        new(string.Create(CultureInfo.InvariantCulture, $"The filter cannot be read at position {_at}."));
}
