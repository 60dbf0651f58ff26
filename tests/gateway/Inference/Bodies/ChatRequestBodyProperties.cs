using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Bodies;

public sealed class ChatRequestBodyProperties
{
    [Fact]
    public void Rewrite_AnyRequest_ChangesTheModelAndTheWishForUsageAndNoOtherByte() =>
        Prop.ForAll(
            WrittenRequest.Any().ToArbitrary(),
            Gen.Elements("u", "vendor/model:v2", "a\"b\\c", "日本", "\u0001\n").ToArbitrary(),
            (written, model) =>
            {
                var body = ChatRequestBodyTests.Accepted(written.Text(WrittenRequest.Model, usage: false));

                var sent = ChatRequestBodyTests.Text(body.Rewrite(model, injectUsage: true));

                body.Model.ShouldBe(WrittenRequest.Model);
                body.Stream.ShouldBe(written.Stream);
                sent.ShouldBe(written.Text(model, usage: written.Stream));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rewrite_AnyRequest_IsTheSameDocumentButForThoseMembers() =>
        Prop.ForAll(WrittenRequest.Any().ToArbitrary(), written =>
        {
            var text = written.Text(WrittenRequest.Model, usage: false);

            var sent = JsonNode.Parse(ChatRequestBodyTests.Text(ChatRequestBodyTests.Accepted(text).Rewrite("u", injectUsage: true)))!.AsObject();

            ((string)sent["model"]!).ShouldBe("u");
            var asks = sent["stream_options"] is JsonObject options && options["include_usage"] is { } asked && (bool)asked;
            asks.ShouldBe(written.Stream || written.AsksForUsage);
            JsonNode.DeepEquals(Rest(sent), Rest(JsonNode.Parse(text)!.AsObject())).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();

    private static JsonObject Rest(JsonObject request)
    {
        request.Remove("model");
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
