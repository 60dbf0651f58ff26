using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Tables;

public sealed class BoundedRetriesTests
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1);

    /// <summary>Storage that hangs held a caller for each of three tries: R6.</summary>
    [Fact]
    public async Task Read_OfStorageThatHangs_EndsWithinTheTimeForAllTries()
    {
        var all = 1.75 * Each;
        using var hanging = new HangingTransport();

        await ReadAsync(hanging, all);

        hanging.Timeouts.Count.ShouldBe(2, "a third try had no time left");
        hanging.Timeouts.First().ShouldBe(Each);
        hanging.Timeouts.Last().ShouldBeLessThanOrEqualTo(all - Each);
    }

    [Fact]
    public async Task Read_OfAConnectionThatHangs_HasASecondTry()
    {
        using var hanging = new HangingTransport { AnswersAfter = 1 };

        var error = await ReadAsync(hanging, 2 * Each);

        error.ShouldBeOfType<RequestFailedException>().Status.ShouldBe(503);
        hanging.Timeouts.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    private static Task<Exception> ReadAsync(HttpPipelineTransport transport, TimeSpan all)
    {
        var account = new TableServiceClient("UseDevelopmentStorage=true", TableProfiles.PatientFor(Each, all, transport));
        return Should.ThrowAsync<Exception>(account.GetTableClient("keys").GetEntityAsync<TableEntity>("p", "r"));
    }

    private sealed class HangingTransport : HttpPipelineTransport, IDisposable
    {
        private readonly HttpClientTransport _requests = new();

        /// <summary>How many requests it does not answer; for the others it is busy.</summary>
        public int AnswersAfter { get; init; } = int.MaxValue;

        /// <summary>How long each sender was ready to wait.</summary>
        public ConcurrentQueue<TimeSpan> Timeouts { get; } = [];

        public void Dispose() => _requests.Dispose();

        public override Request CreateRequest() => _requests.CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message)
        {
            Timeouts.Enqueue(message.NetworkTimeout ?? TimeSpan.MaxValue);
            if (Timeouts.Count <= AnswersAfter)
            {
                await Silence.KeepAsync(message.CancellationToken);
            }

            message.Response = new BusyResponse("");
        }
    }
}
