using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Inference.Request;

public sealed class FormBodyTests
{
    private static readonly (string Name, string? FileName, byte[] Content) File = ("file", "a.raw", [.. Enumerable.Range(0, 2500).Select(at => (byte)at)]);

    [Theory]
    [InlineData("file,model,stream,prompt")]
    [InlineData("model,file,prompt,stream")]
    [InlineData("prompt,stream,model,file")]
    [InlineData("stream,prompt,file,model")]
    public async Task Read_PartsInAnyOrder_AreTheSameRequest(string order)
    {
        var parts = new Dictionary<string, (string, string?, byte[])>
        {
            ["file"] = File,
            ["model"] = Text("model", "a/b:free"),
            ["stream"] = Text("stream", "True"),
            ["prompt"] = Text("prompt", "ünd so"),
        };

        var body = await AcceptedAsync(MemoryUpload.Form("x", 7, [.. order.Split(',').Select(name => parts[name])]));

        (body.Model, body.Stream, body.PromptBytes, body.Seconds, body.N).ShouldBe(("a/b:free", true, 7, 3, 1));
        (body.LacksUsage, body.MayBeginEarly, body.HasCeiling).ShouldBe((false, false, false));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task For_AnotherModel_ReplacesItAndNothingElse(int portion)
    {
        (string, string?, byte[])[] parts = [File, Text("model", "a/b:free"), Text("language", "hi")];
        var body = await AcceptedAsync(MemoryUpload.Form("b0undary", portion, parts));

        var sent = body.For("whisper-ü", outputCeiling: null, flex: false);

        var written = await WrittenAsync(sent);
        written.ShouldBe(await WrittenAsync((await AcceptedAsync(MemoryUpload.Form("b0undary", portion, File, Text("model", "whisper-ü"), Text("language", "hi")))).For("whisper-ü", null, false)));
        written.Length.ShouldBe((int)sent.Length!);
        sent.ContentType.ShouldBe("multipart/form-data; boundary=b0undary");
        Encoding.Latin1.GetString(written).ShouldNotContain("a/b:free");
    }

    [Fact]
    public async Task Fingerprint_WithAnotherBoundary_IsTheSame_AndWithAnotherByteIsNot()
    {
        var first = await FingerprintAsync(MemoryUpload.Form("one", 11, File, Text("model", "m")));

        (await FingerprintAsync(MemoryUpload.Form("another", 64, File, Text("model", "m")))).ShouldBe(first);
        (await FingerprintAsync(MemoryUpload.Form("one", 64, File, Text("model", "n")))).ShouldNotBe(first);
        (await FingerprintAsync(MemoryUpload.Form("one", 64, File with { Content = [.. File.Content, 1] }, Text("model", "m")))).ShouldNotBe(first);
        (await FingerprintAsync(MemoryUpload.Form("one", 64, File with { FileName = "b.raw" }, Text("model", "m")))).ShouldNotBe(first);
    }

    [Theory]
    [InlineData("file", "model", "'model' is missing")]
    [InlineData("model", "file", "'file' is missing")]
    [InlineData("file,model,model", "model", "'model' is there 2 times")]
    [InlineData("file,file,model", "file", "'file' is there 2 times")]
    [InlineData("file,model,stream,stream", "stream", "'stream' is there 2 times")]
    [InlineData("file,blank", "model", "'model' is missing")]
    [InlineData("empty,model", "file", "'file' is empty")]
    [InlineData("file,broken", "model", "'model' is not UTF-8")]
    [InlineData("file,model,maybe", "stream", "'stream' must be true or false")]
    [InlineData("file,model,long", "prompt", "'prompt' is longer than 65536 bytes")]
    public async Task Read_PartsThatAreNotOneOfEach_AreRefused(string names, string param, string message)
    {
        var parts = new Dictionary<string, (string, string?, byte[])>
        {
            ["file"] = File,
            ["model"] = Text("model", "m"),
            ["stream"] = Text("stream", "false"),
            ["blank"] = Text("model", " "),
            ["empty"] = ("file", "a.raw", []),
            ["broken"] = ("model", null, [0xC3, 0x28]),
            ["maybe"] = Text("stream", "maybe"),
            ["long"] = Text("prompt", new string('x', 65537)),
        };

        var decision = await FormBody.ReadAsync(MemoryUpload.Form("x", 64, [.. names.Split(',').Select(name => parts[name])]), Surface.AudioTranscriptions, default);

        decision.Accepted(out _, out var refusal).ShouldBeFalse();
        (refusal.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, param));
        refusal.Message.ShouldStartWith(message);
    }

    [Fact]
    public async Task Read_ATranslation_HasNoStream() =>
        (await AcceptedAsync(MemoryUpload.Form("x", 64, File, Text("model", "m"), Text("stream", "true")), Surface.AudioTranslations)).Stream.ShouldBeFalse();

    private static (string, string?, byte[]) Text(string name, string value) => (name, null, Encoding.UTF8.GetBytes(value));

    private static async Task<RequestBody> AcceptedAsync(UploadedForm form, Surface? surface = null)
    {
        (await FormBody.ReadAsync(form, surface ?? Surface.AudioTranscriptions, default)).Accepted(out var body, out var refusal).ShouldBeTrue(refusal?.Message);
        return body!;
    }

    private static async Task<byte[]> WrittenAsync(Gateway.Upstreams.IUpstreamBody sent)
    {
        var stream = new MemoryStream();
        await sent.WriteAsync(stream, default);
        return stream.ToArray();
    }

    private static async Task<string> FingerprintAsync(UploadedForm form)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await (await AcceptedAsync(form)).FingerprintAsync(hash, default);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
