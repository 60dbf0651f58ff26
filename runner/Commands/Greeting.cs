using System.Globalization;

namespace Freeway.Runner.Commands;

/// <summary>The last lines of a start: the key, and three requests to try.</summary>
internal static class Greeting
{
    public static void Write(TextWriter output, FreewayHost host, TimeSpan took)
    {
        var url = host.Url.ToString().TrimEnd('/');
        var key = host.ApiKey ?? "$KEY";
        var chat = $"{url}/api/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d ";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Freeway is ready at {url} after {took.TotalSeconds:0.0} s"));
        output.WriteLine();
        output.WriteLine($"  API key    {host.ApiKey ?? "none seeded"}");
        output.WriteLine($"  admin key  {host.AdminKey ?? "as set by Freeway__AdminKeyHash"}");
        output.WriteLine();
        output.WriteLine($$"""  curl -s {{chat}}'{"model":"demo/echo:free","messages":[{"role":"user","content":"Hello"}]}'""");
        output.WriteLine($$"""  curl -sN {{chat}}'{"model":"demo/echo:free","stream":true,"messages":[{"role":"user","content":"Hello"}]}'""");
        output.WriteLine($"  curl -s {url}/api/v1/quota -H 'Authorization: Bearer {key}'");
        output.WriteLine();
        output.WriteLine("Ctrl-C stops it.");
    }
}
