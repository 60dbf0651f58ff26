namespace Freeway.Gateway.Catalogue.Format;

/// <summary>The catalogue beside the program, checked at start. It counts once a head has said so.</summary>
/// <param name="Shipped">
/// Opens a preset that comes with the program or lies beside the file, e.g. <c>fastrouter</c> or <c>upstreams/groq</c>;
/// null where there is none.
/// </param>
/// <param name="PresetNames">Of all that can be opened, in order.</param>
public sealed record FileCatalogue(CatalogueBundle Bundle, CatalogueSnapshot Snapshot, Func<string, byte[]?> Shipped, IReadOnlyList<string> PresetNames);
