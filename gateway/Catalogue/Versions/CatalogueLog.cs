using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Catalogue.Versions;

internal static partial class CatalogueLog
{
    [LoggerMessage(6102, LogLevel.Information, "Version {Version} of the catalogue counts since {Since:o}")]
    public static partial void Active(ILogger logger, int version, DateTimeOffset since);

    [LoggerMessage(6103, LogLevel.Information, "Version {Version} of the catalogue counts from {At:o} on")]
    public static partial void Scheduled(ILogger logger, int version, DateTimeOffset at);

    [LoggerMessage(6104, LogLevel.Error, "Version {Version} of the catalogue cannot be used with the settings of this process; the last one counts: {Errors}")]
    public static partial void Unusable(ILogger logger, int version, string errors);

    [LoggerMessage(6105, LogLevel.Information, "The catalogue file is version {Version} and was activated")]
    public static partial void FileActivated(ILogger logger, int version);

    [LoggerMessage(6106, LogLevel.Warning, "The catalogue file is version {Version}, which was stored and not activated: an operator has chosen version {Active}. POST /api/v1/admin/catalogue/activations activates it")]
    public static partial void FileNotActivated(ILogger logger, int version, int active);
}
