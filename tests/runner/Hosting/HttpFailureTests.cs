using System.Net;
using Freeway.Runner.Tests.Hosting.Samples;

namespace Freeway.Runner.Tests.Hosting;

public sealed class HttpFailureTests : IAsyncLifetime
{
    private SampleApp _app = null!;

    public async Task InitializeAsync() => _app = await SampleApp.StartAsync<HttpSamples>();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Exception_BeforeTheAnswer_IsAnEmpty500AndLogged()
    {
        var answer = await _app.Client.GetAsync("/api/throws");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Headers.Contains("x-half").ShouldBeFalse();
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
        _app.Log.Lines.ShouldContain(line => line.StartsWith("Throws failed") && line.EndsWith("a sample's failure"));
    }

    [Fact]
    public async Task Exception_AfterTheAnswerBegan_EndsTheConnectionAfterWhatWasSaid()
    {
        using var answer = await _app.Client.GetAsync("/api/throwslate", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var said = new byte["begun".Length];

        await body.ReadExactlyAsync(said);
        said.ShouldBe("begun"u8.ToArray());
        await Should.ThrowAsync<HttpIOException>(async () => await body.ReadExactlyAsync(said));
    }

    [Fact]
    public async Task Value_ThatIsNoNumber_IsA500AsInTheRealHost() =>
        (await _app.Client.GetAsync("/api/pages/1?size=big")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);

    [Fact]
    public async Task Caller_ThatLeaves_CancelsTheFunction()
    {
        using (await _app.Client.GetAsync("/api/hangs", HttpCompletionOption.ResponseHeadersRead))
        {
            (await _app.Notebook.NextAsync()).ShouldBe("hanging");
        }

        (await _app.Notebook.NextAsync()).ShouldBe("cancelled");
    }

    [Fact]
    public async Task Stop_WhileARequestRuns_WaitsForIt()
    {
        using var answer = await _app.Client.GetAsync("/api/hangs", HttpCompletionOption.ResponseHeadersRead);
        (await _app.Notebook.NextAsync()).ShouldBe("hanging");

        var stop = _app.Host.StopAsync();
        stop.IsCompleted.ShouldBeFalse();
        _app.Notebook.Release();

        (await answer.Content.ReadAsStringAsync()).ShouldBe("begun and done");
        await stop;
        _app.Notebook.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_LongerThanTheDrainLimit_CancelsTheFunction()
    {
        await using var app = await SampleApp.StartAsync<HttpSamples>(
            options => options with { DrainLimit = TimeSpan.FromMilliseconds(100) });
        using var answer = await app.Client.GetAsync("/api/hangs", HttpCompletionOption.ResponseHeadersRead);
        (await app.Notebook.NextAsync()).ShouldBe("hanging");

        var stop = app.Host.StopAsync();

        (await app.Notebook.NextAsync()).ShouldBe("cancelled");
        app.Notebook.Release();
        await stop;
    }
}
