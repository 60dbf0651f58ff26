using Freeway.Functions.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Functions.Tests.Telemetry;

public sealed class LogFilterTests
{
    [Theory]
    [InlineData("System.Net.Http.HttpClient.CallInvokerExtractor.LogicalHandler", LogLevel.Warning)]
    [InlineData("System.Net.Http.HttpClient.CallInvokerExtractor.ClientHandler", LogLevel.Warning)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)]
    [InlineData("Freeway", LogLevel.Information)]
    public void Line_OfACategory_IsWrittenFromItsLevelOn(string category, LogLevel least)
    {
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new EveryLine()))
            .AddTelemetry(new ConfigurationBuilder().Build(), new TelemetryOptions())
            .BuildServiceProvider();

        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Enum.GetValues<LogLevel>().Where(logger.IsEnabled).Min().ShouldBe(least);
    }

    private sealed class EveryLine : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
