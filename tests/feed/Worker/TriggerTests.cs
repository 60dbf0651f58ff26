using System.Reflection;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Feed.Tests.Worker;

public class TriggerTests
{
    [Fact]
    public void HttpTrigger_Declared_IsReadByReflection()
    {
        var trigger = Trigger<HttpTriggerAttribute>(nameof(Functions.Chat));

        trigger.AuthLevel.ShouldBe(AuthorizationLevel.Anonymous);
        trigger.Methods.ShouldBe(["post", "put"]);
        trigger.Route.ShouldBe("v1/{**rest}");
    }

    [Fact]
    public void HttpTrigger_WithNothingSaid_NeedsAFunctionKey() =>
        new HttpTriggerAttribute().AuthLevel.ShouldBe(AuthorizationLevel.Function);

    [Fact]
    public void TimerTrigger_Declared_IsMonitoredAndDoesNotRunOnStartup()
    {
        var trigger = Trigger<TimerTriggerAttribute>(nameof(Functions.Tidy));

        trigger.Schedule.ShouldBe("0 0 0 * * *");
        trigger.UseMonitor.ShouldBeTrue();
        trigger.RunOnStartup.ShouldBeFalse();
    }

    [Fact]
    public void ServiceBusTrigger_Declared_CompletesMessagesUnlessToldOtherwise()
    {
        var trigger = Trigger<ServiceBusTriggerAttribute>(nameof(Functions.Write));

        trigger.QueueName.ShouldBe("activity");
        trigger.Connection.ShouldBe("ServiceBus");
        trigger.IsBatched.ShouldBeTrue();
        trigger.AutoCompleteMessages.ShouldBeTrue();
    }

    [Fact]
    public void Function_Declared_IsNamed() =>
        typeof(Functions).GetMethod(nameof(Functions.Chat))!.GetCustomAttribute<FunctionAttribute>()!.Name.ShouldBe("chat");

    [Fact]
    public async Task MessageActions_DerivedFrom_AreOverridden()
    {
        var actions = new Recording();

        await actions.CompleteMessageAsync(ServiceBusModelFactory.ServiceBusReceivedMessage(messageId: "m"));

        actions.Completed.ShouldBe(["m"]);
    }

    private static T Trigger<T>(string method)
        where T : Attribute => typeof(Functions).GetMethod(method)!.GetParameters()[0].GetCustomAttribute<T>()!;

    private sealed class Functions
    {
        [Function("chat")]
        public static IResult Chat(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", "put", Route = "v1/{**rest}")] HttpRequest request) => Results.Ok(request.Path);

        [Function("tidy")]
        [FixedDelayRetry(3, "00:00:05")]
        public static void Tidy([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer.IsPastDue;

        [Function("write")]
        [ExponentialBackoffRetry(5, "00:00:01", "00:01:00")]
        public static void Write(
            [ServiceBusTrigger("activity", Connection = "ServiceBus", IsBatched = true)] ServiceBusReceivedMessage[] messages) =>
            _ = messages.Length;
    }

    private sealed class Recording : ServiceBusMessageActions
    {
        public List<string> Completed { get; } = [];

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            Completed.Add(message.MessageId);
            return Task.CompletedTask;
        }
    }
}
