using Freeway.Gateway.Inference.Request;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Request;

public sealed class SurfaceRequestProperties
{
    [Fact]
    public void Rewrite_AnyRequestOfAnySurface_ChangesTheModelAndNoOtherByte() =>
        Prop.ForAll(SurfaceRequest.Any().ToArbitrary(), written =>
        {
            var body = RequestBodyTests.Accepted(written.Text("demo/echo:free"), written.Surface);

            body.Model.ShouldBe("demo/echo:free");
            RequestBodyTests.Text(body.Rewrite("u", injectUsage: true)).ShouldBe(written.Text("u"));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyOrderOfMembers_ReadsTheSameFacts() =>
        Prop.ForAll(SurfaceRequest.Any().ToArbitrary(), written =>
        {
            var (body, turned) = (Read(written), Read(written with { Members = [.. written.Members.Reverse()] }));

            Facts(turned).ShouldBe(Facts(body));
        }).QuickCheckThrowOnFailure();

    private static Gateway.Inference.Request.JsonBody Read(SurfaceRequest written) => RequestBodyTests.Accepted(written.Text("m"), written.Surface);

    private static object Facts(Gateway.Inference.Request.RequestBody body) => (
        body.Stream, body.OutputCeiling, body.HasCeiling, body.N, body.PromptBytes, body.ImageInputs, body.Images, body.ImageSize, body.Characters, body.ReachesBack);
}
