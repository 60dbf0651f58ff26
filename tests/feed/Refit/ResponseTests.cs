using System.IO.Pipelines;
using System.Net;
using Refit;

namespace Freeway.Feed.Tests.Refit;

public class ResponseTests
{
    [Fact]
    public async Task Result_OfSuccess_IsRead()
    {
        var server = ScriptedServer.Answering("""{"id":"x","contextLength":8}""");

        (await server.Client().Model("x")).ShouldBe(new Model("x", 8));
    }

    [Fact]
    public async Task Result_OfErrorStatus_IsApiException()
    {
        var server = new ScriptedServer(_ =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("slow down") };
            response.Headers.Add("Retry-After", "7");
            return response;
        });

        var failure = await Should.ThrowAsync<ApiException>(() => server.Client().Model("x"));

        failure.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        failure.Content.ShouldBe("slow down");
        failure.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Result_WhenNoAnswerComes_IsApiRequestExceptionWithItsCause()
    {
        var server = new ScriptedServer(_ => throw new HttpRequestException("refused"));

        var failure = await Should.ThrowAsync<ApiRequestException>(() => server.Client().Model("x"));

        failure.InnerException.ShouldBeOfType<HttpRequestException>().Message.ShouldBe("refused");
    }

    [Fact]
    public async Task Result_WhenTheCallerCancels_IsCancellation()
    {
        var server = ScriptedServer.Answering("{}");

        var failure = await Should.ThrowAsync<Exception>(() => server.Client().Model("x", new CancellationToken(canceled: true)));

        (failure as OperationCanceledException ?? failure.InnerException).ShouldBeAssignableTo<OperationCanceledException>();
        server.Request.ShouldBeNull();
    }

    [Fact]
    public async Task Result_ThatIsNotJson_IsApiException()
    {
        var server = ScriptedServer.Answering("<html>");

        (await Should.ThrowAsync<ApiException>(() => server.Client().Model("x"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Message_OfErrorStatus_IsHandedOverUnread()
    {
        var server = ScriptedServer.Answering("oops", HttpStatusCode.BadGateway);

        using var response = await Chat(server);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync()).ShouldBe("oops");
    }

    [Fact]
    public async Task Message_WithUnfinishedBody_IsHandedOverWithTheHeaders()
    {
        var pipe = new Pipe();
        var server = new ScriptedServer(_ => new HttpResponseMessage { Content = new StreamContent(pipe.Reader.AsStream()) });

        // Were the body read first, this would never end: its second half is written only afterwards.
        using var response = await Chat(server);
        await pipe.Writer.WriteAsync("late"u8.ToArray());
        await pipe.Writer.CompleteAsync();

        (await response.Content.ReadAsStringAsync()).ShouldBe("late");
    }

    [Fact]
    public async Task Response_OfSuccess_CarriesContentAndStatus()
    {
        using var response = await ScriptedServer.Answering("""{"id":"x","contextLength":8}""").Client().Remove("x");

        response.IsSuccessful.ShouldBeTrue();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.ShouldBe(new Model("x", 8));
        response.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Response_OfErrorStatus_CarriesTheErrorInsteadOfThrowing()
    {
        using var response = await ScriptedServer.Answering("gone", HttpStatusCode.Gone).Client().Remove("x");

        response.IsSuccessStatusCode.ShouldBeFalse();
        response.StatusCode.ShouldBe(HttpStatusCode.Gone);
        response.Error.ShouldBeOfType<ApiException>().Content.ShouldBe("gone");
    }

    [Fact]
    public async Task Response_WhenNoAnswerComes_CarriesTheError()
    {
        var server = new ScriptedServer(_ => throw new HttpRequestException("refused"));

        using var response = await server.Client().Remove("x");

        response.StatusCode.ShouldBeNull();
        response.HasRequestError(out var error).ShouldBeTrue();
        error!.InnerException.ShouldBeOfType<HttpRequestException>();
    }

    [Fact]
    public async Task Nothing_OfErrorStatus_IsApiException()
    {
        var server = ScriptedServer.Answering("", HttpStatusCode.NotFound);

        (await Should.ThrowAsync<ApiException>(() => server.Client().Ping())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<HttpResponseMessage> Chat(ScriptedServer server)
    {
        using var body = new StringContent("{}");
        return await server.Client().Chat(body, "secret", null, new Dictionary<string, string>());
    }
}
