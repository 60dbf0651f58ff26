using System.Buffers;
using System.Text;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Tests.Http;

public sealed class FormReadingTests
{
    private const string Type = "multipart/form-data; boundary=\"b1 x\"";
    private const string Small =
        "--b1 x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;\\\"b.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--b1\r\n\r\n"
        + "--b1 x\r\ncontent-disposition: form-data; name=model\r\n\r\na/b:free\r\n--b1 x\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b1 x--\r\n";

    [Fact]
    public async Task Read_SplitAtEveryByte_FindsTheSameParts()
    {
        for (var split = 0; split <= Small.Length; split++)
        {
            using var spool = new Spool();

            var form = await AcceptedAsync(spool, Encoding.UTF8.GetBytes(Small), split);

            form.ContentType.ShouldBe(Type);
            form.Parts.Select(part => part.Name).ShouldBe(["file", "model", "empty"]);
            form.Parts[0].FileName.ShouldBe("a;\\\"b.wav");
            (await TextAsync(spool, form.Parts[0]), await TextAsync(spool, form.Parts[1]), await TextAsync(spool, form.Parts[2]))
                .ShouldBe(("RIFF\r\n--b1\r\n", "a/b:free", ""));
        }
    }

    [Fact]
    public async Task Read_CutOffAnywhere_IsRefused()
    {
        var whole = Small.Length - "--\r\n".Length;
        for (var length = 0; length < whole; length++)
        {
            using var spool = new Spool();

            var refusal = await RefusedAsync(spool, Encoding.UTF8.GetBytes(Small)[..length]);

            (refusal.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, null), $"after {length} bytes");
        }
    }

    [Fact]
    public async Task Read_LargerThanMemory_IsSpooledToAFileWithoutAName()
    {
        var content = new string('x', 3 * Spool.MostInMemory);
        var body = Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{content}\r\n--b--");
        using var spool = new Spool();

        var form = await AcceptedAsync(spool, body, 100, "multipart/form-data; boundary=b");

        (await TextAsync(spool, form.Parts.ShouldHaveSingleItem())).ShouldBe(content);
        spool.Length.ShouldBe(body.Length);
        if (!OperatingSystem.IsWindows())
        {
            Directory.GetFiles(Path.GetTempPath(), Spool.FilePrefix + "*").ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(Spool.MostInMemory, 1)]
    [InlineData(1, Spool.MostInMemory)]
    [InlineData(Spool.MostInMemory - 1, 1)]
    public async Task Spool_AcrossItsThreshold_KeepsEveryByte(int first, int second)
    {
        using var spool = new Spool();
        byte[] bytes = [.. Enumerable.Range(0, first + second).Select(at => (byte)(at * 31))];

        await spool.AppendAsync(new ReadOnlySequence<byte>(bytes, 0, first), default);
        await spool.AppendAsync(new ReadOnlySequence<byte>(bytes, first, second), default);

        var read = new byte[bytes.Length + 10];
        (await spool.ReadAsync(0, read, default)).ShouldBe(bytes.Length);
        read[..bytes.Length].ShouldBe(bytes);
        (await spool.ReadAsync(bytes.Length, read, default)).ShouldBe(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=\"\"")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData("multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890")]
    public async Task Read_OfAnotherType_IsRefused(string? type)
    {
        using var spool = new Spool();

        (await RefusedAsync(spool, Encoding.UTF8.GetBytes(Small), type)).Message.ShouldContain("multipart/form-data");
    }

    [Theory]
    [InlineData("Content-Disposition: form-data", "part 1 does not say its name")]
    [InlineData("Content-Disposition: form-data; name=\"\"", "part 1 does not say its name")]
    [InlineData("Content-Disposition: attachment; name=\"a\"", "part 1 does not say its name")]
    [InlineData("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"", "part 1 does not say its name")]
    [InlineData("X: y", "part 1 does not say its name")]
    [InlineData("no header", "the headers of a part")]
    public async Task Read_PartsWithoutANameOrWithBrokenHeaders_AreRefused(string headers, string message)
    {
        using var spool = new Spool();

        (await RefusedAsync(spool, Encoding.UTF8.GetBytes($"--b1 x\r\n{headers}\r\n\r\nv\r\n--b1 x--"))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task Read_TooManyOrTooLong_IsRefused()
    {
        (await MessageAsync(string.Concat(Enumerable.Repeat("--b1 x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n", FormReading.MostParts + 1)) + "--b1 x--"))
            .ShouldContain("more than 64 parts");
        (await MessageAsync($"--b1 x\r\n{string.Concat(Enumerable.Range(0, FormReading.MostHeaders + 1).Select(at => $"X{at}: y\r\n"))}\r\nv\r\n--b1 x--"))
            .ShouldContain("headers");
        (await MessageAsync($"--b1 x\r\nX: {new string('y', FormReading.MostHeaderBytes)}\r\n\r\nv\r\n--b1 x--")).ShouldContain("headers");
        (await MessageAsync("--b1 x--\r\n")).ShouldContain("no parts");

        static async Task<string> MessageAsync(string body)
        {
            using var spool = new Spool();
            return (await RefusedAsync(spool, Encoding.UTF8.GetBytes(body))).Message;
        }
    }

    [Fact]
    public async Task Read_LargerThanAllowed_IsRefusedWhetherItSaysSoOrNot()
    {
        using var spool = new Spool();
        var http = Request(Encoding.UTF8.GetBytes(Small), 10, Type);
        http.ContentLength = Small.Length;

        var said = await FormReading.ReadAsync(http, spool, Small.Length - 1, default);
        var unsaid = await FormReading.ReadAsync(Request(Encoding.UTF8.GetBytes(Small), 10, Type), spool, Small.Length - 1, default);

        foreach (var decision in new[] { said, unsaid })
        {
            decision.Accepted(out _, out var refusal).ShouldBeFalse();
            refusal.Code.ShouldBe(RefusalCode.RequestTooLarge);
        }
    }

    private static HttpRequest Request(byte[] body, int split, string? type)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new PortionedBody(body, split);
        http.Request.ContentType = type;
        return http.Request;
    }

    private static async Task<UploadedForm> AcceptedAsync(Spool spool, byte[] body, int split, string type = Type)
    {
        (await FormReading.ReadAsync(Request(body, split, type), spool, body.Length, default)).Accepted(out var form, out var refusal).ShouldBeTrue(refusal?.Message);
        return form!;
    }

    private static async Task<Refusal> RefusedAsync(Spool spool, byte[] body, string? type = Type)
    {
        (await FormReading.ReadAsync(Request(body, 10, type), spool, 1_000_000, default)).Accepted(out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }

    private static async Task<string> TextAsync(Spool spool, FormPart part)
    {
        var bytes = new byte[part.Length];
        for (var read = 0; read < bytes.Length;)
        {
            read += await spool.ReadAsync(part.At + read, bytes.AsMemory(read), default);
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
