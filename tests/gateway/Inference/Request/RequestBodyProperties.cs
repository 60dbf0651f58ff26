using System.Text.Json.Nodes;
using Freeway.Gateway.Inference.Request;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Request;

public sealed class RequestBodyProperties
{
    [Fact]
    public void Rewrite_AnyRequest_ChangesTheModelTheWishForUsageAndTheCeilingAndNoOtherByte() =>
        Prop.ForAll(
            WrittenRequest.Any().ToArbitrary(),
            Gen.Elements("u", "vendor/model:v2", "a\"b\\c", "日本", "\u0001\n").ToArbitrary(),
            Gen.Elements<long?>(null, 1, 512).ToArbitrary(),
            (written, model, most) =>
            {
                var body = RequestBodyTests.Accepted(written.Text(WrittenRequest.Model, usage: false));

                var sent = RequestBodyTests.Text(body.Rewrite(model, injectUsage: true, most));

                body.Model.ShouldBe(WrittenRequest.Model);
                body.Stream.ShouldBe(written.Stream);
                sent.ShouldBe(written.Text(model, usage: written.Stream, most));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rewrite_AnyRequest_IsTheSameDocumentButForThoseMembers() =>
        Prop.ForAll(WrittenRequest.Any().ToArbitrary(), written =>
        {
            var text = written.Text(WrittenRequest.Model, usage: false);

            var sent = JsonNode.Parse(RequestBodyTests.Text(RequestBodyTests.Accepted(text).Rewrite("u", injectUsage: true, outputCeiling: 512)))!.AsObject();

            ((string)sent["model"]!).ShouldBe("u");
            var asks = sent["stream_options"] is JsonObject options && options["include_usage"] is { } asked && (bool)asked;
            asks.ShouldBe(written.Stream || written.AsksForUsage);
            ((long?)(sent["max_tokens"] ?? sent["max_completion_tokens"])).ShouldBe(written.Ceiling?.Value is "7" ? 7 : 512);
            JsonNode.DeepEquals(Rest(sent), Rest(JsonNode.Parse(text)!.AsObject())).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();

    private static JsonObject Rest(JsonObject request)
    {
        request.Remove("model");
        request.Remove("max_tokens");
        request.Remove("max_completion_tokens");
        if (request["stream_options"] is JsonObject options)
        {
            options.Remove("include_usage");
        }

        if (request["stream_options"] is not JsonObject { Count: > 0 })
        {
            request.Remove("stream_options");
        }

        return request;
    }
}
