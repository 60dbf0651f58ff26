using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Runner.Local;

/// <summary>The org, the key and the credit that a first caller can use at once.</summary>
internal static class DemoSeed
{
    private const string Seed = "demo-seed";
    private const long FiveDollars = 5_000_000_000;
    private static readonly Org Demo = new("demo", "Demo");

    /// <summary>Changes nothing that is there: plan, flags and switches stay as they were set.</summary>
    public static async Task WriteAsync(IKeyStore keys, IOrgStore orgs, string secret, CancellationToken cancellation)
    {
        var hash = KeyHash.Of(secret);
        if (await keys.FindAsync(hash, cancellation) is null)
        {
            var org = await orgs.FindAsync(Demo.Id, cancellation) ?? Demo;
            await keys.SaveAsync(hash, new Caller(org, new ApiKey("demo-key", org.Id, "Demo key")), cancellation);
        }
    }

    /// <summary>
    /// The credit of <see cref="CreditAsync(TopUps, DateTimeOffset, CancellationToken)"/>, ordered over HTTP.
    /// </summary>
    /// <exception cref="LocalSetupException">Freeway did not take it.</exception>
    public static async Task CreditAsync(Uri url, string adminKey, CancellationToken cancellation)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "api/v1/admin/credits"))
        {
            Content = JsonContent.Create(new { org = Demo.Id, usd = "5" }),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", adminKey) },
        };
        request.Headers.Add("Idempotency-Key", Seed);
        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new LocalSetupException(
                $"The demo org got no credit: {(int)response.StatusCode} "
                + await response.Content.ReadAsStringAsync(cancellation));
        }
    }

    /// <summary>Something to pay with; given once, however often it is asked for.</summary>
    public static Task CreditAsync(TopUps topUps, DateTimeOffset now, CancellationToken cancellation) =>
        topUps.TopUpAsync(Demo.Id, new Purchase(Seed, FiveDollars, now), PlanBook.PayAsYouGo.Purchases, cancellation);
}

/// <summary>The secrets of the demo key and of the admin, kept so that a restart shows the same ones.</summary>
internal sealed record DemoKeys(string ApiKey, string AdminKey)
{
    public static DemoKeys LoadOrCreate(string path)
    {
        if (Read(path) is { ApiKey.Length: > 0, AdminKey.Length: > 0 } kept)
        {
            return kept;
        }

        var made = new DemoKeys(KeySecret.Create(), KeySecret.Create(KeyType.Management));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        JsonSerializer.Serialize(stream, made, DemoJson.Default.DemoKeys);
        return made;
    }

    private static DemoKeys? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DemoJson.Default.DemoKeys);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>Reads and writes the demo's secrets; generated, so that a start does not wait for reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DemoKeys))]
internal sealed partial class DemoJson : JsonSerializerContext;
