using System.Buffers.Binary;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>Files with sound, and forms that carry them, in the order in which SDKs write them: the file first, the model last.</summary>
public static class Sound
{
    private const int Rate = 8000;

    /// <summary>A WAV file of 8 bits, 8,000 a second.</summary>
    public static byte[] Wav(double seconds)
    {
        var file = new byte[44 + (int)(seconds * Rate)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), Rate);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 8);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), file.Length - 44);
        return file;
    }

    public static MultipartFormDataContent Form(string model, byte[] file, params IReadOnlyList<(string Name, string Value)> fields)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", "speech.wav" } };
        foreach (var (name, value) in fields.Append(("model", model)))
        {
            form.Add(new StringContent(value), name);
        }

        return form;
    }

    public static Task<HttpResponseMessage> TranscribeAsync(
        this TestGateway gateway, string model, byte[] file, HttpClient? client = null, params IReadOnlyList<(string Name, string Value)> fields) =>
        (client ?? gateway.Http).PostAsync("api/v1/audio/transcriptions", Form(model, file, fields));
}
