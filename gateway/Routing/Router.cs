using System.Collections.Frozen;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Routing;

/// <summary>Chooses where a model's request goes: the first of its routes whose upstream is ready.</summary>
public sealed class Router(IReadOnlyList<Upstream> upstreams)
{
    private readonly FrozenDictionary<string, Upstream> _byName = upstreams.ToFrozenDictionary(upstream => upstream.Name, StringComparer.Ordinal);

    /// <summary>The upstream of this name.</summary>
    public Upstream this[string name] => _byName[name];

    /// <summary>The route to take, or null where none of the model's upstreams is ready.</summary>
    public ModelRoute? Choose(Model model) => model.Routes.FirstOrDefault(route => _byName[route.Upstream].Ready);
}
