using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Tests.Hosting;

/// <summary>What <c>host.json</c> says, and the settings that go over it.</summary>
public sealed class HostFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void File_NotThere_HasTheRealHostsDefaults()
    {
        File.Delete(_path);

        var file = HostFile.Load(_path);

        file.RoutePrefix.ShouldBe("api");
        file.FunctionTimeout.ShouldBe(TimeSpan.FromMinutes(30));
        (file.MaxMessageBatchSize, file.MaxConcurrentCalls, file.PrefetchCount).ShouldBe((1000, 16, 0));
        file.AutoCompleteMessages.ShouldBeTrue();
        file.MaxAutoLockRenewalDuration.ShouldBe(TimeSpan.FromMinutes(5));
        file.Ignored.ShouldBeEmpty();
    }

    [Fact]
    public void Settings_OfTheHost_GoOverTheFileOneByOne()
    {
        var file = Load(
            """
            {"version":"2.0","functionTimeout":"00:10:00","extensions":{"http":{"routePrefix":"file"},
            "serviceBus":{"maxMessageBatchSize":500,"prefetchCount":3,"autoCompleteMessages":true}}}
            """,
            ("AzureFunctionsJobHost__functionTimeout", "00:00:07"),
            ("AzureFunctionsJobHost__extensions__http__routePrefix", ""),
            ("AzureFunctionsJobHost__extensions__serviceBus__maxMessageBatchSize", "20"),
            ("AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls", "2"),
            ("AzureFunctionsJobHost__extensions__serviceBus__autoCompleteMessages", "false"),
            ("AzureFunctionsJobHost__extensions__serviceBus__maxAutoLockRenewalDuration", "00:00:00"),
            ("AzureFunctionsJobHost__logging__logLevel__Azure.Core", "Error"));

        file.FunctionTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        file.RoutePrefix.ShouldBeEmpty();
        (file.MaxMessageBatchSize, file.MaxConcurrentCalls).ShouldBe((20, 2));
        file.PrefetchCount.ShouldBe(3, "no setting goes over it");
        file.AutoCompleteMessages.ShouldBeFalse();
        file.MaxAutoLockRenewalDuration.ShouldBe(TimeSpan.Zero);
        file.Logs("Azure.Core.Pipeline", LogLevel.Warning).ShouldBeFalse();
        file.Logs("Freeway", LogLevel.Information).ShouldBeTrue();
        file.Ignored.ShouldBeEmpty();
    }

    [Fact]
    public void Timeout_OfMinusOne_IsNoLimit() =>
        Load("{}", ("AzureFunctionsJobHost__functionTimeout", "-1")).FunctionTimeout.ShouldBeNull();

    [Fact]
    public void WhatIsNotObeyed_InTheFileOrInASetting_IsNamed() =>
        Load(
            """{"version":"2.0","extensions":{"http":{"maxConcurrentRequests":5}}}""",
            ("AzureFunctionsJobHost__concurrency__dynamicConcurrencyEnabled", "true"))
            .Ignored.ShouldBe(["concurrency:dynamicConcurrencyEnabled", "extensions:http:maxConcurrentRequests"]);

    [Theory]
    [InlineData("AzureFunctionsJobHost__functionTimeout", "soon")]
    [InlineData("AzureFunctionsJobHost__extensions__serviceBus__maxMessageBatchSize", "many")]
    public void Setting_ThatIsNoValue_IsAnError(string name, string value) =>
        Should.Throw<InvalidDataException>(() => Load("{}", (name, value))).Message.ShouldStartWith(_path);

    private HostFile Load(string json, params (string Name, string Value)[] settings)
    {
        File.WriteAllText(_path, json);
        // As the host reads its environment: two underscores part the names.
        IConfiguration read = HostSettings.Read(
            settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        return HostFile.Load(_path, read);
    }
}
