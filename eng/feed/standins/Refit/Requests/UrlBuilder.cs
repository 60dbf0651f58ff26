using System.Collections;

namespace Refit.Requests;

/// <summary>Puts a request's address together, relative to the host: base path, path, query.</summary>
internal sealed class UrlBuilder(Uri baseAddress, PathTemplate path)
{
    private readonly Dictionary<string, string> _path = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _query = [];

    public void SetPath(RestParameter parameter, object? argument) => _path[parameter.Name] = parameter.Format(argument) ?? "";

    public void AddQuery(RestParameter parameter, object? argument)
    {
        if (argument is IEnumerable several and not string)
        {
            var values = several.Cast<object?>().Select(parameter.Format);
            if (parameter.CollectionFormat == CollectionFormat.Multi)
            {
                _query.AddRange(values.Select(value => Pair(parameter.Name, value)));
            }
            else
            {
                _query.Add(Pair(parameter.Name, string.Join(Separator(parameter.CollectionFormat), values)));
            }
        }
        else if (argument is not null)
        {
            _query.Add(Pair(parameter.Name, parameter.Format(argument)));
        }
    }

    public Uri ToUri()
    {
        var address = (baseAddress.AbsolutePath == "/" ? "" : baseAddress.AbsolutePath) + path.Fill(_path);
        var query = string.Join('&', _query);
        return new Uri(query.Length == 0 ? address : $"{address}{(address.Contains('?') ? '&' : '?')}{query}", UriKind.Relative);
    }

    private static string Pair(string name, string? value) => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value ?? "")}";

    private static char Separator(CollectionFormat format) => format switch
    {
        CollectionFormat.Ssv => ' ',
        CollectionFormat.Tsv => '\t',
        CollectionFormat.Pipes => '|',
        _ => ',',
    };
}
