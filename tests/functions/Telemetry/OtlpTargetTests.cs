using Freeway.Functions.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Freeway.Functions.Tests.Telemetry;

public sealed class OtlpTargetTests
{
    [Fact]
    public void Nothing_Said_GoesNowhere() => Target(new()).ShouldBeNull();

    [Fact]
    public void OurSetting_AloneOrBesideTheGeneralVariable_NamesThePlaceOfEachSignal()
    {
        var options = new TelemetryOptions { OtlpEndpoint = "https://collector.example.com:4318/", OtlpHeaders = "a=b" };

        Target(options, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://elsewhere:4318"), ("OTEL_EXPORTER_OTLP_HEADERS", "c=d"))
            .ShouldBe(new OtlpTarget(new Uri("https://collector.example.com:4318/v1/traces"), OtlpExportProtocol.HttpProtobuf, "a=b"));
    }

    [Fact]
    public void StandardVariables_Alone_AreEnough() =>
        Target(new(), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_HEADERS", "c=d"))
            .ShouldBe(new OtlpTarget(new Uri("http://collector:4317"), OtlpExportProtocol.Grpc, "c=d"));

    [Fact]
    public void SignalsOwnVariable_GoesBeforeAll_AndIsTakenAsItIs()
    {
        var options = new TelemetryOptions { OtlpEndpoint = "http://collector:4318" };

        Target(options, ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:4318/here"))!.Endpoint.ShouldBe(new Uri("http://traces:4318/here"));
        Target(new(), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://metrics:4318/here")).ShouldBeNull();
    }

    [Fact]
    public void Sdk_Disabled_GoesNowhere() =>
        Target(new() { OtlpEndpoint = "http://collector:4318" }, ("OTEL_SDK_DISABLED", "true")).ShouldBeNull();

    [Fact]
    public void Errors_AreToldAllAtOnceByName() =>
        OtlpTarget.Errors(
            Configuration(("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"), ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/json")),
            new TelemetryOptions { OtlpEndpoint = "ftp://collector", OtlpProtocol = "smoke", SampleRatio = double.NaN })
            .Select(error => error.Setting).ShouldBe(
            [
                "OTEL_EXPORTER_OTLP_ENDPOINT", "Freeway__Telemetry__OtlpEndpoint", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
                "Freeway__Telemetry__OtlpProtocol", "Freeway__Telemetry__SampleRatio",
            ]);

    private static OtlpTarget? Target(TelemetryOptions options, params (string Name, string Value)[] variables) =>
        OtlpTarget.Of(Configuration(variables), options, OtlpTarget.Traces);

    private static IConfiguration Configuration(params (string Name, string Value)[] variables) => new ConfigurationBuilder()
        .AddInMemoryCollection(variables.Select(pair => KeyValuePair.Create<string, string?>(pair.Name, pair.Value))).Build();
}
