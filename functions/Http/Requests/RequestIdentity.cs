using System.Buffers;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freeway.Functions.Http.Requests;

/// <summary>
/// The two ids of a request. Ours is unique, and names the activity record and the ledger's row; the caller's can come
/// twice, so that it is only told back, and noted in the record.
/// </summary>
/// <param name="Id">Ours: <c>x-freeway-request-id</c>, and <c>x-request-id</c> too where the caller sent none.</param>
/// <param name="FromCaller">
/// What came as <c>x-request-id</c>, where it is well-formed: 1 to 128 letters, digits and <c>-_.~:/+=@</c>.
/// </param>
internal sealed record RequestIdentity(string Id, string? FromCaller)
{
    public const string Header = "x-request-id";
    public const string OurHeader = "x-freeway-request-id";
    private const int Longest = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~:/+=@");

    public static void Assign(HttpContext http, IdSource ids)
    {
        var identity = new RequestIdentity(ids.Next(), WellFormed(http.Request.Headers[Header]));
        http.Features.Set(identity);
        http.Response.Headers[Header] = identity.FromCaller ?? identity.Id;
        http.Response.Headers[OurHeader] = identity.Id;
        if (MessagesPath.IsFor(http.Request))
        {
            http.Response.Headers[MessagesPath.RequestIdHeader] = identity.FromCaller ?? identity.Id;
        }
    }

    public static RequestIdentity Of(HttpContext http) => http.Features.GetRequiredFeature<RequestIdentity>();

    private static string? WellFormed(IReadOnlyList<string?> sent) =>
        sent is [{ Length: > 0 and <= Longest } id] && !id.AsSpan().ContainsAnyExcept(Allowed) ? id : null;
}
