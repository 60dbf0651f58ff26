using System.Collections.Frozen;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Models;

/// <summary>An immutable snapshot of all models, swapped whole.</summary>
public sealed class ModelCatalogue
{
    /// <summary>
    /// The word that stands for any free model when it is written with <c>:free</c>; no model has it as its id.
    /// </summary>
    public const string Auto = "auto";

    private readonly FrozenDictionary<string, Model> _byId;
    private readonly FrozenDictionary<string, Model> _byIdIgnoringCase;

    public ModelCatalogue(IReadOnlyList<Model> models)
    {
        All = [.. models.Where(model => model.Enabled)];
        _byId = All.ToFrozenDictionary(model => model.Id, StringComparer.Ordinal);
        _byIdIgnoringCase = All.DistinctBy(model => model.Id, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(model => model.Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The models that are switched on, in the catalogue's order.</summary>
    public IReadOnlyList<Model> All { get; }

    /// <summary>The model that a slug names, once its variant is enabled there.</summary>
    public Result<Model> Find(Slug slug)
    {
        if (!_byId.TryGetValue(slug.ModelId, out var model))
        {
            return Refuse.ModelNotFound(slug.ModelId, _byIdIgnoringCase.GetValueOrDefault(slug.ModelId)?.Id);
        }

        return slug.Variant switch
        {
            Variant.None => model,
            Variant.Free => model.FreeEnabled ? model : Refuse.FreeSlugNotEnabled(),
            Variant.Flex => model.FlexPercent is not null ? model : Refuse.FlexSlugNotEnabled(),
        };
    }
}
