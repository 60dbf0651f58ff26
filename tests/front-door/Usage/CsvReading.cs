using System.Net.Http.Headers;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>Asks for CSV, and reads it as another program would.</summary>
internal static class CsvReading
{
    public static Task<HttpResponseMessage> AskCsvAsync(this TestGateway gateway, string path, HttpClient? client = null, string? encoding = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/csv") } } };
        if (encoding is not null)
        {
            request.Headers.AcceptEncoding.ParseAdd(encoding);
        }

        return (client ?? gateway.Http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The rows by column.</summary>
    public static async Task<IReadOnlyList<Dictionary<string, string>>> CsvAsync(this TestGateway gateway, string path, HttpClient? client = null)
    {
        using var response = await gateway.AskCsvAsync(path, client);
        var body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var rows = Parse(body);
        return [.. rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    /// <summary>RFC 4180, written down here once more: what wrote it must not judge it.</summary>
    private static List<List<string>> Parse(string text)
    {
        var rows = new List<List<string>>();
        for (var at = 0; at < text.Length;)
        {
            var row = new List<string>();
            for (var end = ','; end is ',';)
            {
                var quoted = text[at] is '"';
                var close = quoted ? Close(text, at + 1) : text.IndexOfAny([',', '\r'], at);
                row.Add(quoted ? text[(at + 1)..close].Replace("\"\"", "\"", StringComparison.Ordinal) : text[at..close]);
                close += quoted ? 1 : 0;
                end = text[close];
                at = close + 1;
            }

            text[at++].ShouldBe('\n');
            rows.Add(row);
        }

        rows.Select(row => row.Count).Distinct().Count().ShouldBe(1);
        return rows;
    }

    private static int Close(string text, int from)
    {
        var quote = text.IndexOf('"', from);
        return text[quote + 1] is '"' ? Close(text, quote + 2) : quote;
    }
}
