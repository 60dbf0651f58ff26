using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Surfaces;

/// <summary>What the tests of all surfaces do alike.</summary>
internal static class SurfaceCalls
{
    public static Task<HttpResponseMessage> CallAsync(this TestGateway gateway, string endpoint, string json, params (string Name, string Value)[] headers) =>
        gateway.PostAsync(json, path: "api/v1/" + endpoint, headers: headers);

    /// <summary>The one record of the one request that was made.</summary>
    public static async Task<JsonElement> RecordAsync(this TestGateway gateway) => (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();

    public static string? Text(this JsonElement record, string name) => record.GetProperty(name).GetString();

    public static long Count(this JsonElement record, string name) => record.GetProperty(name).GetInt64();

    /// <summary>Reads a whole answer, which must be fine.</summary>
    public static async Task<string> ReadAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }
}
