using Freeway.Functions.Telemetry;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Notices;
using Freeway.Gateway.SignUp;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.Configuration;

namespace Freeway.Functions.Settings;

/// <summary>All settings, read and checked at start without touching the network.</summary>
public sealed class FreewaySettings
{
    private readonly List<string> _errors = [];

    private FreewaySettings()
    {
    }

    public GatewayOptions Gateway { get; private set; } = new();

    public LedgerOptions Ledger { get; private set; } = new();

    public EndUserOptions EndUsers { get; private set; } = new();

    public NoticeOptions Notices { get; private set; } = new();

    public SignUpOptions SignUp { get; private set; } = new();

    public ResponseCacheOptions Cache { get; private set; } = new();

    public RelayOptions Relay { get; private set; } = new();

    public OutputOptions Output { get; private set; } = new();

    public UpstreamOptions Upstream { get; private set; } = new();

    public CallOptions Calls { get; private set; } = new();

    /// <summary>The file that this process starts with.</summary>
    public FileCatalogue Catalogue { get; private set; } = null!;

    /// <summary>Reads other versions by the same settings.</summary>
    public CatalogueLoader Loader { get; private set; } = null!;

    public TelemetryOptions Telemetry { get; private set; } = new();

    public ActivityRetention Retention { get; private set; } = new();

    /// <exception cref="InvalidSettingsException">At least one setting is wrong; it names them all.</exception>
    public static FreewaySettings Read(IConfiguration configuration)
    {
        var settings = new FreewaySettings();
        settings.ReadOptions(configuration.GetSection("Freeway"));
        settings.ReadSignUp(configuration.GetSection("Freeway:SignUp"));
        settings.ReadTelemetry(configuration);
        settings.CheckConnections(configuration);
        settings.ReadCatalogue(configuration);
        return settings._errors.Count is 0 ? settings : throw new InvalidSettingsException(settings._errors);
    }

    private void ReadOptions(IConfigurationSection freeway)
    {
        Gateway = Bind<GatewayOptions>(freeway);
        Check(Gateway.MaxRequestBytes is >= 1024 and <= 104_857_600, "Freeway__MaxRequestBytes", "1024 to 104857600");
        Check(Gateway.MaxUploadBytes is >= 1024 and <= 104_857_600, "Freeway__MaxUploadBytes", "1024 to 104857600");
        Check(Gateway.MaxHeaderBytes is >= 1024 and <= 131_072, "Freeway__MaxHeaderBytes", "1024 to 131072");
        Check(
            Gateway.AdminKeyHash is null or "" or { Length: 64 }, "Freeway__AdminKeyHash",
            "64 hex digits, the SHA-256 of the admin key");
        Check(
            CorsOrigins.Read(Gateway.CorsOrigins) is not null, "Freeway__CorsOrigins",
            "origins with commas between, each scheme and host alone as in https://app.example.com, or * for all");

        var months = Gateway.ActivityMonths;
        Check(
            months is >= ActivityRetention.Least and <= ActivityRetention.Most, "Freeway__ActivityMonths",
            $"{ActivityRetention.Least} to {ActivityRetention.Most}");
        Retention = new ActivityRetention(months);

        Ledger = Bind<LedgerOptions>(freeway.GetSection("Ledger"));
        CheckTime(Ledger.ReserveDeadline, "Freeway__Ledger__ReserveDeadline", 1, 60);
        CheckTime(Ledger.OpenRefusalAge, "Freeway__Ledger__OpenRefusalAge", 0, 60);
        CheckTime(Ledger.SettledRefusalAge, "Freeway__Ledger__SettledRefusalAge", 0, 600);
        CheckTime(Ledger.OutageBackOff, "Freeway__Ledger__OutageBackOff", 0, 60);
        CheckTime(Ledger.IdleAfter, "Freeway__Ledger__IdleAfter", 1, 86_400);
        CheckTime(Ledger.SpareFor, "Freeway__Ledger__SpareFor", 0, 60);
        CheckTime(Ledger.HeartbeatEvery, "Freeway__Ledger__HeartbeatEvery", 1, 60);
        CheckTime(Ledger.LeaseLasts, "Freeway__Ledger__LeaseLasts", 1, 86_400);
        Check(
            Ledger.StaleAfter >= 3 * Ledger.HeartbeatEvery, "Freeway__Ledger__StaleAfter",
            "at least three times HeartbeatEvery");
        CheckTime(Ledger.LandsWithin, "Freeway__Ledger__LandsWithin", 0, 86_400);

        Check(
            Ledger.LowCreditUsd is >= 0 and <= 1_000_000, "Freeway__Ledger__LowCreditUsd", "0 to 1000000");

        Check(Ledger.RowsInMemory is >= 1000 and <= 1_000_000, "Freeway__Ledger__RowsInMemory", "1000 to 1000000");

        EndUsers = Bind<EndUserOptions>(freeway.GetSection("EndUsers"));
        // A reference that the platform could not resolve would be a salt that everybody knows.
        var salt = EndUsers.Salt ?? "";
        Check(
            salt is "" || (salt.Length >= EndUserOptions.LeastSalt && Resolved(salt) is not null), "Freeway__EndUsers__Salt",
            $"{EndUserOptions.LeastSalt} characters or more, or empty; if it is a reference, the vault must have it");
        Check(EndUsers.RowsPerDay is >= 1 and <= 10_000_000, "Freeway__EndUsers__RowsPerDay", "1 to 10000000");

        Notices = Bind<NoticeOptions>(freeway.GetSection("Notices"));
        Check(Notices.KeepDays is >= 7 and <= 400, "Freeway__Notices__KeepDays", "7 to 400");

        Cache = Bind<ResponseCacheOptions>(freeway.GetSection("Cache"));
        Check(
            Cache.LongestAnswer is >= 1024 and <= ResponseCacheOptions.MostBytes, "Freeway__Cache__LongestAnswer",
            $"1024 to {ResponseCacheOptions.MostBytes}");
        Check(Cache.AnswersPerKey is >= 1 and <= 1000, "Freeway__Cache__AnswersPerKey", "1 to 1000");

        Output = Bind<OutputOptions>(freeway.GetSection("Output"));
        Check(Output.LeastCeiling is >= 1 and <= 65_536, "Freeway__Output__LeastCeiling", "1 to 65536");

        Upstream = Bind<UpstreamOptions>(freeway.GetSection("Upstream"));
        CheckTime(Upstream.FirstByte, "Freeway__Upstream__FirstByte", 1, 600);
        CheckTime(Upstream.Total, "Freeway__Upstream__Total", 1, 3600);

        Calls = Bind<CallOptions>(freeway.GetSection("Upstream")).With(Gateway.AllowPrivateUpstreams);
        Check(
            Calls.Connect >= TimeSpan.FromMilliseconds(100) && Calls.Connect <= TimeSpan.FromMinutes(1),
            "Freeway__Upstream__Connect", "100 ms to 1 min, written hh:mm:ss.fff");
        Check(Calls.ConnectRetries is >= 0 and <= 5, "Freeway__Upstream__ConnectRetries", "0 to 5");
        CheckTime(Calls.ConnectPause, "Freeway__Upstream__ConnectPause", 0, 10);
        CheckTime(Calls.LongestRetryAfter, "Freeway__Upstream__LongestRetryAfter", 1, 31 * 86_400);

        Relay = Bind<RelayOptions>(freeway.GetSection("Relay"));
        _errors.AddRange((new RelayOptionsValidator().Validate(null, Relay).Failures ?? []).Select(
            failure => $"Freeway__Relay: {failure}"));
    }

    private void ReadTelemetry(IConfiguration configuration)
    {
        Telemetry = Bind<TelemetryOptions>(configuration.GetSection("Freeway:Telemetry"));
        foreach (var (setting, wanted) in OtlpTarget.Errors(configuration, Telemetry)
            .Concat(InsightsTarget.Errors(configuration)))
        {
            Check(false, setting, wanted);
        }
    }

    private void ReadSignUp(IConfigurationSection section)
    {
        SignUp = Bind<SignUpOptions>(section);
        foreach (var (setting, wanted) in SignUpSettings.Errors(SignUp, text => Resolved(text) is not null))
        {
            Check(false, $"Freeway__SignUp__{setting}", wanted);
        }
    }

    private void CheckConnections(IConfiguration configuration)
    {
        var storage = configuration.GetSection("AzureWebJobsStorage");
        Check(
            storage.Value is { Length: > 0 } || storage["tableServiceUri"] is { Length: > 0 } || storage["accountName"] is { Length: > 0 },
            "AzureWebJobsStorage",
            "a connection string, or AzureWebJobsStorage__tableServiceUri or AzureWebJobsStorage__accountName with an identity");
        var bus = configuration.GetSection("ServiceBus");
        Check(
            bus.Value is { Length: > 0 } || bus["fullyQualifiedNamespace"] is { Length: > 0 },
            "ServiceBus",
            "a connection string, or ServiceBus__fullyQualifiedNamespace with an identity");
        Check(
            configuration["ActivityQueueName"] is { Length: > 0 }, "ActivityQueueName",
            "the name of the activity queue, e.g. activity");
        var prefix = configuration["Freeway:TablePrefix"] ?? "";
        Check(prefix.Length <= 40 && prefix.All(char.IsAsciiLetterOrDigit) && (prefix.Length is 0 || char.IsAsciiLetter(prefix[0])),
            "Freeway__TablePrefix", "letters and digits, a letter first, 40 at most");
    }

    private void ReadCatalogue(IConfiguration configuration)
    {
        var path = Path.Combine(
            AppContext.BaseDirectory,
            configuration["Freeway:CataloguePath"] is { Length: > 0 } given ? given : "catalogue.json");
        string? Setting(string name) => Resolved(configuration[name]);
        Loader = new CatalogueLoader(Setting);
        if (new CatalogueFiles(path, Setting).Read(out var errors) is { } catalogue)
        {
            Catalogue = catalogue;
        }

        _errors.AddRange(errors.Select(error => $"Freeway__CataloguePath: {error}"));
    }

    /// <summary>
    /// The platform leaves a reference to the vault as it is where there is no such secret: that is no key, and no
    /// amount.
    /// </summary>
    private static string? Resolved(string? value) => value?.StartsWith(
        "@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) is true ? null : value;

    private T Bind<T>(IConfigurationSection section)
        where T : new()
    {
        try
        {
            return section.Get<T>() ?? new T();
        }
        catch (InvalidOperationException wrong)
        {
            _errors.Add($"{section.Path.Replace(":", "__", StringComparison.Ordinal)}: {wrong.InnerException?.Message ?? wrong.Message}");
            return new T();
        }
    }

    private void CheckTime(TimeSpan time, string setting, int leastSeconds, int mostSeconds) =>
        Check(
            time.TotalSeconds >= leastSeconds && time.TotalSeconds <= mostSeconds, setting,
            $"{leastSeconds} to {mostSeconds} seconds, written hh:mm:ss");

    private void Check(bool holds, string setting, string wanted)
    {
        if (!holds)
        {
            _errors.Add($"{setting}: must be {wanted}");
        }
    }
}

/// <summary>The settings cannot be used: every error, by setting name.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> errors)
    : Exception("The settings cannot be used:" + string.Concat(errors.Select(error => $"\n  {error}")))
{
    public IReadOnlyList<string> Errors => errors;
}
