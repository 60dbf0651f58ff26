using System.Net;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.SignUp;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Tests.Http;

/// <summary>Which address a person came from, and from which page a request came.</summary>
public sealed class SignUpRequestsTests
{
    [Theory]
    [InlineData(1, "8.8.4.4:51234", "8.8.4.4")]
    [InlineData(1, "9.9.9.9, 8.8.4.4:51234", "8.8.4.4")]
    [InlineData(1, "8.8.4.4:51234, 10.0.0.4, 169.254.1.1", "8.8.4.4")]
    [InlineData(2, "9.9.9.9, 8.8.4.4, 1.1.1.1:443", "8.8.4.4")]
    [InlineData(2, "8.8.4.4", "8.8.4.4")]
    [InlineData(0, "8.8.4.4", "198.18.0.1")]
    [InlineData(1, "unknown", "198.18.0.1")]
    [InlineData(1, "", "198.18.0.1")]
    [InlineData(1, "2600:1f18:12:34:a:b:c:d", "26001f1800120034")]
    [InlineData(1, "[2600:1f18:12:34::1]:443", "26001f1800120034")]
    [InlineData(1, "::ffff:8.8.4.4", "8.8.4.4")]
    public void Address_OfAPerson_IsWhatTheFirstTrustedProxySaw(int hops, string forwarded, string address)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("198.18.0.1");
        http.Request.Headers["X-Forwarded-For"] = forwarded;

        new SignUpRequests(new SignUpOptions { ForwardedHops = hops }).Address(http).ShouldBe(address);
    }

    [Theory]
    [InlineData("https://a.example.com/", "internal:8080", "https://a.example.com", "https://a.example.com")]
    [InlineData("https://freeway.example.com", "internal:8080", "", "https://freeway.example.com")]
    [InlineData("https://freeway.example.com", "freeway.example.com", "https://elsewhere.example.com", null)]
    [InlineData("https://freeway.example.com", "freeway.example.com", "null", null)]
    [InlineData("", "localhost:7071", "http://localhost:7071", "http://localhost:7071")]
    [InlineData("", "127.0.0.1:7071", "", "http://127.0.0.1:7071")]
    [InlineData("", "localhost:7071", "http://localhost:8080", null)]
    [InlineData("", "elsewhere.example.com", "http://elsewhere.example.com", null)]
    public void BaseUrl_OfARequest_IsTheSettingsOrLoopback_ForItsOwnPagesAlone(
        string setting, string host, string origin, string? address)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        request.Headers.Origin = origin;

        new SignUpRequests(new SignUpOptions { BaseUrl = setting }).BaseUrl(request).Accepted(out var found, out _);

        found.ShouldBe(address);
    }
}
