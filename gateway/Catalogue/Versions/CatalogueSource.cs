namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>Where a version came from.</summary>
public enum CatalogueSource
{
    /// <summary>A file beside the program, when a process started with it.</summary>
    File,

    /// <summary>An operator, through the admin API.</summary>
    Api,
}
