using System.Reflection;
using System.Runtime.Versioning;
using Azure.Messaging.ServiceBus;
using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Tables;
using Freeway.Functions;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Tests.Shared;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using AzureActivityLog = Freeway.Adapters.ActivityLog.ActivityLogRegistration;

namespace Freeway.Bicep.Tests;

/// <summary>
/// What the code expects of a deployment, read off the code itself: the settings are those that a start asks for, the
/// rest is in attributes. The contract rules hold the Bicep to it.
/// </summary>
internal sealed record CodeContract(
    IReadOnlyList<string> Reads,
    IReadOnlyList<IReadOnlyList<string>> OneOf,
    IReadOnlyList<string> Never,
    IReadOnlyList<string> Tables,
    IReadOnlyList<TriggerContract> Triggers,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Messages,
    IReadOnlyList<string> Metrics,
    IReadOnlyList<string> RefusalCodes,
    string Dotnet)
{
    /// <summary>The least that a start takes, in the form for an identity.</summary>
    public static readonly IReadOnlyDictionary<string, string?> LeastSettings = new Dictionary<string, string?>
    {
        ["AzureWebJobsStorage__accountName"] = "account",
        ["ServiceBus__fullyQualifiedNamespace"] = "namespace.servicebus.windows.net",
        ["ActivityQueueName"] = "activity",
    };

    private static readonly string[] Storage =
    [
        $"{TablesRegistration.ConnectionSetting}__tableServiceUri",
        $"{TablesRegistration.ConnectionSetting}__accountName",
    ];

    public static async Task<CodeContract> ReadAsync()
    {
        var names = new TableNames();
        var functions = typeof(FreewayFunctions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
            .ToArray();
        var framework = typeof(FreewayFunctions).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!;
        return new CodeContract(
            [.. (await AskedAtStartAsync()).Except(Storage)],
            [Storage],
            [TablesRegistration.ConnectionSetting, AzureActivityLog.ConnectionSetting],
            [.. typeof(TableNames).GetProperties()
                .Where(property => property.Name is not nameof(TableNames.Prefix))
                .Select(property => (string)property.GetValue(names)!)],
            [.. functions.SelectMany(TriggersOf)],
            [.. functions.Select(Name)],
            [.. typeof(OutboxWorker).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
                .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message)
                .OfType<string>()],
            [.. FreewayInstruments.All().Select(instrument => instrument.Name)],
            [.. Enum.GetValues<RefusalCode>().Select(code => code.WireName())],
            new FrameworkName(framework.FrameworkName).Version.ToString());
    }

    /// <summary>
    /// Starts twice: options are bound only where their section has something in it, and the second time all have.
    /// </summary>
    private static async Task<IReadOnlyList<string>> AskedAtStartAsync()
    {
        var sections = (await AskedAtStartAsync(LeastSettings))
            .Where(name => !LeastSettings.ContainsKey(name))
            .Select(name => KeyValuePair.Create(name + "__in", (string?)""));
        return await AskedAtStartAsync(LeastSettings.Concat(sections).ToDictionary());
    }

    /// <summary>Starts as the worker does, up to the clients of storage and queue, and contacts nobody.</summary>
    private static async Task<IReadOnlyList<string>> AskedAtStartAsync(IReadOnlyDictionary<string, string?> values)
    {
        var settings = new RecordingSettings(values);
        var configuration = new ConfigurationBuilder().Add(settings).Build();
        var collection = new ServiceCollection().AddFreeway(configuration).AddLogging();
        await using var services = collection.BuildServiceProvider();
        services.GetRequiredService<StorageAccount>();
        services.GetRequiredService<ServiceBusSender>();
        return settings.Asked;
    }

    private static string Name(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static IEnumerable<TriggerContract> TriggersOf(MethodInfo method) => method.GetParameters()
        .Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>())
        .OfType<ServiceBusTriggerAttribute>()
        .Select(trigger => new TriggerContract(Name(method), trigger.QueueName!, trigger.Connection!));
}

/// <summary>A function that listens to a queue.</summary>
/// <param name="Queue">As in its attribute, e.g. <c>%ActivityQueueName%</c>.</param>
/// <param name="Connection">What its settings begin with.</param>
internal sealed record TriggerContract(string Function, string Queue, string Connection);
