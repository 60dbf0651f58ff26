using System.Net.Http.Headers;
using System.Text;
using Freeway.FrontDoor.Tests.OpenApi;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Admin;

/// <summary>Whatever an operator types, it is answered or refused: none of it is a bug of ours.</summary>
public sealed class OddRequestTests
{
    private static readonly string[] Names = ["limit", "cursor", "from", "to", "days", "by", "group", "org", "kind", "id", "model", "status", "code", "include"];

    private static readonly string[] Texts =
    [
        "", "0", "-1", "abc", "%F0%9F%92%A5", "%00", "a%2Fb", "..", "9999-99-99", "0001-01-01", "9999-12-31", "a%7Cb", "%F0%9F", "1e400", "18446744073709551616", new('x', 600), new(':', 3000),
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "[]", "null", "{\"a\":1}", "{\"id\":null}", "{\"limits\":[null]}", "{\"limits\":[{}]}", "{\"day\":\"0001-01-01\",\"version\":1}", "{\"version\":99999999999999999999}",
        "{\"at\":\"9999-12-31T23:59:59+14:00\",\"version\":1}", "{\"expires_at\":\"9999-12-31T23:59:59-14:00\"}", "{\"days\":1e9}", "{\"org\":\"demo\",\"usd\":\"1e400\"}", "{\"overlap_seconds\":1e300}",
        "{\"allowed_models\":[\"!\"]}", "{\"name\":\"\\u0000\",\"id\":\"n1\"}", "{\"catalogue\":{\"version\":1,\"models\":[null],\"plans\":{\"\":null},\"upstreams\":{\"\":null}}}",
        "{\"limits\":[{\"unit\":\"usd\",\"amount\":1e28,\"window\":\"day\"}]}", "{\"presets\":{\"x\":1},\"catalogue\":{\"version\":1,\"presets\":[\"x\"]}}",
    ];

    [Fact]
    public async Task LookUp_OfAnythingOdd_IsAnsweredOrRefused()
    {
        await using var gateway = await StartAsync();
        var paths = ServedDocument.Operations.Where(operation => operation.Method is "GET").Select(operation => operation.Path)
            .SelectMany(path => path.Contains('{')
                ? Texts.Select(text => Filled(path, text))
                : Names.SelectMany(name => Texts.Select(text => $"{path}?{name}={text}")));

        (await AskAsync(gateway, paths.Select(path => (HttpMethod.Get, path, "")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Order_OfAnythingOdd_IsCarriedOutOrRefused()
    {
        await using var gateway = await StartAsync();
        var orders = ServedDocument.Operations.Where(operation => operation.IsForOperator && operation.Method is not "GET")
            .SelectMany(operation => Bodies.Select(body => (new HttpMethod(operation.Method), Filled(operation.Path, "odd") + "?dry_run=true", body))
                .Concat(Texts.Where(_ => operation.Path.Contains('{')).Select(text => (new HttpMethod(operation.Method), Filled(operation.Path, text), "{}"))));

        (await AskAsync(gateway, orders)).ShouldBeEmpty();
    }

    /// <summary>
    /// With settings that no other test has: where tests share a host, what those before it made would be listed with
    /// each of these thousands of requests.
    /// </summary>
    private static Task<TestGateway> StartAsync() =>
        TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:Notices:KeepDays"] = "91" });

    private static string Filled(string path, string text) => System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+}", _ => text);

    /// <returns>What was answered as a bug is.</returns>
    private static async Task<IReadOnlyCollection<string>> AskAsync(TestGateway gateway, IEnumerable<(HttpMethod Method, string Path, string Body)> requests)
    {
        using var admin = new HttpClient(new SocketsHttpHandler(), disposeHandler: true)
        {
            BaseAddress = gateway.Host.Url,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", gateway.Host.AdminKey) },
        };
        var bugs = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (request, cancellation) =>
        {
            using var message = new HttpRequestMessage(request.Method, request.Path) { Content = request.Body.Length is 0 ? null : new StringContent(request.Body, Encoding.UTF8, "application/json") };
            using var answer = await admin.SendAsync(message, cancellation);
            if ((int)answer.StatusCode is 500 or 503)
            {
                bugs.Add($"{request.Method} {request.Path} {request.Body}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
            }
        });
        return bugs;
    }
}
