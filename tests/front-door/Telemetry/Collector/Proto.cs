using System.Buffers.Binary;
using System.Text;

namespace Freeway.FrontDoor.Tests.Telemetry.Collector;

/// <summary>A protobuf message as its fields stand in it, without its schema.</summary>
public sealed class Proto
{
    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public Proto(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((number, Varint(message.Span, ref at), default));
                    break;
                case 1:
                    _fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    _fields.Add((number, 0, message.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    _fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {key & 7}.");
            }
        }
    }

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    public ulong Number(int number) => _fields.Find(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    public string Text(int number) => Encoding.UTF8.GetString(_fields.Find(field => field.Number == number).Bytes.Span);

    public string Hex(int number) => Convert.ToHexStringLower(_fields.Find(field => field.Number == number).Bytes.Span);

    public IEnumerable<Proto> All(int number) => _fields.Where(field => field.Number == number).Select(field => new Proto(field.Bytes));

    /// <summary>Messages that are so deep below this one, by the numbers of the fields that lead there.</summary>
    public IEnumerable<Proto> Below(params int[] numbers) =>
        numbers.Aggregate<int, IEnumerable<Proto>>([this], (found, number) => found.SelectMany(one => one.All(number)));

    /// <summary>OTLP's attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int number) => All(number).ToDictionary(pair => pair.Text(1), pair => Value(pair.All(2).Single()));

    private static string Value(Proto any) => any.Has(1) ? any.Text(1) : any.Has(4) ? $"{any.Double(4)}" : $"{(long)any.Number(any.Has(2) ? 2 : 3)}";

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
