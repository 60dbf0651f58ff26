using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Tests.Hosting;

public sealed class BindingTests
{
    [Theory]
    [InlineData(typeof(Twice), "Same: 2 methods have this name")]
    [InlineData(typeof(NoTrigger), "Bare: 0 triggers instead of one")]
    [InlineData(typeof(Unknown), "First: nothing fills the parameter notebook of type StreamReader")]
    [InlineData(typeof(Unknown), "Second: nothing fills the parameter client of type HttpClient")]
    [InlineData(typeof(Sessions), "Sessions: sessions are not served here")]
    [InlineData(typeof(NoArray), "NoArray: the parameter message of a batch must be an array")]
    [InlineData(typeof(NoConnection), "NoConnection: the connection Nowhere is not set")]
    public async Task Function_ThatCannotRun_IsNamedAtStart(Type sample, string reason) =>
        (await Should.ThrowAsync<FunctionBindingException>(() => SampleApp.StartAsync(sample, options => options with
        {
            Configuration = SampleApp.Settings(("ServiceBus", "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;")),
        }))).Message.ShouldContain(reason);

    public static class Twice
    {
        [Function("Same")]
        public static void One([HttpTrigger] HttpRequest request)
        {
        }

        [Function("same")]
        public static void Other([HttpTrigger] HttpRequest request)
        {
        }
    }

    public static class NoTrigger
    {
        [Function("Bare")]
        public static void Bare(HttpRequest request)
        {
        }
    }

    public static class Unknown
    {
        [Function("First")]
        public static void First([HttpTrigger] HttpRequest request, StreamReader notebook)
        {
        }

        [Function("Second")]
        public static void Second([TimerTrigger("0 0 0 * * *")] TimerInfo timer, HttpClient client)
        {
        }
    }

    public static class Sessions
    {
        [Function("Sessions")]
        public static void Run([ServiceBusTrigger("queue", IsSessionsEnabled = true)] string text)
        {
        }
    }

    public static class NoArray
    {
        [Function("NoArray")]
        public static void Run([ServiceBusTrigger("queue", IsBatched = true)] string message)
        {
        }
    }

    public static class NoConnection
    {
        [Function("NoConnection")]
        public static void Run([ServiceBusTrigger("queue", Connection = "Nowhere")] string text)
        {
        }
    }
}
