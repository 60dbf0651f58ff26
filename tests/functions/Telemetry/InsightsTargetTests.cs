using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Freeway.Functions.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Freeway.Functions.Tests.Telemetry;

[Collection(nameof(Listening))]
public sealed class InsightsTargetTests
{
    private const string Connection =
        "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://x/";

    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string SignInSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    [Fact]
    public void Connection_WithAnIdentity_IsSignedInBy()
    {
        var target = Target((ConnectionSetting, Connection), (SignInSetting, "ClientId=c1;Authorization=AAD"))!;
        var options = new AzureMonitorExporterOptions();

        target.Apply(options);

        options.ConnectionString.ShouldBe(Connection);
        options.Credential.ShouldBeOfType<ManagedIdentityCredential>();
        options.DisableOfflineStorage.ShouldBeTrue();
        options.EnableLiveMetrics.ShouldBeFalse();
    }

    [Fact]
    public void Connection_Alone_IsEnough() =>
        Target((ConnectionSetting, Connection)).ShouldBe(new InsightsTarget(Connection, null));

    [Theory]
    [InlineData("")]
    [InlineData(Connection, "OTEL_SDK_DISABLED", "true")]
    public void Nothing_NamedOrAllSwitchedOff_GoesNowhere(string connection, string name = "x", string value = "") =>
        Target((ConnectionSetting, connection), (name, value)).ShouldBeNull();

    [Theory]
    [InlineData(ConnectionSetting, "@Microsoft.KeyVault(SecretUri=https://v/secrets/x)")]
    [InlineData(SignInSetting, "ClientId=c1;Authorization=Key")]
    public void Setting_ThatCannotBe_IsToldByName(string setting, string value) =>
        InsightsTarget.Errors(Configuration((setting, value))).ShouldHaveSingleItem().Setting.ShouldBe(setting);

    [Fact]
    public void Settings_AsTheDeploymentHasThem_AreRight() =>
        InsightsTarget.Errors(Configuration(
            (ConnectionSetting, Connection), (SignInSetting, "ClientId=c1;Authorization=AAD"))).ShouldBeEmpty();

    /// <summary>Nothing named, nothing built: not even a provider that would listen.</summary>
    [Theory]
    [InlineData("x", "", false, false)]
    [InlineData(ConnectionSetting, Connection, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://127.0.0.1:1", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1", true, false)]
    public void Provider_IsBuilt_OnlyForASignalWithATarget(string setting, string value, bool traces, bool metrics)
    {
        using var services = new ServiceCollection()
            .AddSingleton(new Random(1))
            .AddTelemetry(Configuration((setting, value)), new TelemetryOptions())
            .BuildServiceProvider();

        (services.GetService<TracerProvider>() is not null).ShouldBe(traces);
        (services.GetService<MeterProvider>() is not null).ShouldBe(metrics);
    }

    private static InsightsTarget? Target(params (string Name, string Value)[] settings) =>
        InsightsTarget.Of(Configuration(settings));

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create<string, string?>(pair.Name, pair.Value)))
            .Build();
}
