using System.Buffers;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Puts our name for a model in the place of the upstream's, byte by byte as an answer passes: the string of
/// <c>model</c> at the top of a JSON object, or of the <c>response</c> or the <c>message</c> in it; of a stream, in the
/// data of every event.
/// All other bytes stay, and nothing is held back. A name that is written with escapes is not found, and stays.
/// </summary>
public sealed class ModelRename(string model, bool events)
{
    /// <summary>Names longer than this are not ours to know.</summary>
    private const int LongestKey = 8;

    /// <summary>The number of bytes that are kept of the upstream's name.</summary>
    private const int LongestName = 512;

    private readonly byte[] _name = [(byte)'"', .. JsonEncodedText.Encode(model).EncodedUtf8Bytes, (byte)'"'];
    private readonly byte[] _key = new byte[LongestKey];
    private readonly List<byte> _theirs = [];
    private Line _line = events ? Line.Start : Line.Data;
    private int _matched;
    private bool _blank = true;
    private bool _afterReturn;
    private int _depth;
    private int _keyLength;
    private Place _place = Place.Before;
    private bool _escaped;
    private bool _inKey;
    private bool _isModel;
    private bool _isResponse;
    private bool _inResponse;

    private enum Line
    {
        /// <summary>The beginning of a line, or what may become <c>data:</c> in it.</summary>
        Start,
        Data,
        Other,
    }

    private enum Place
    {
        /// <summary>The place before the document, or between documents.</summary>
        Before,

        /// <summary>The place before a name, in an object that is looked at.</summary>
        Key,

        /// <summary>The place before a value, or in one that is no string.</summary>
        Value,
        Text,

        /// <summary>The place in the string that is replaced.</summary>
        Replaced,

        /// <summary>The place in anything but an object: there is nothing to look for.</summary>
        Elsewhere,
    }

    /// <summary>Gets the name that the upstream called the model by; null where it named none.</summary>
    public string? Theirs { get; private set; }

    public void Pass(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        var from = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var before = _place;
            if (events)
            {
                InLine(bytes[at]);
            }
            else
            {
                InJson(bytes[at]);
            }

            if (before is not Place.Replaced && _place is Place.Replaced)
            {
                to.Write(bytes[from..at]);
                to.Write(_name);
            }

            // The quote that ends it is not passed on either.
            from = _place is Place.Replaced || (before is Place.Replaced && bytes[at] is (byte)'"') ? at + 1 : from;
        }

        to.Write(bytes[from..]);
    }

    private void InLine(byte next)
    {
        var isEnd = next is (byte)'\n' or (byte)'\r';
        if (next is (byte)'\n' && _afterReturn)
        {
            _afterReturn = false;
            return;
        }

        _afterReturn = next is (byte)'\r';
        if (isEnd)
        {
            // A name that no quote ends is broken off with its line.
            _place = _place is Place.Replaced ? Place.Elsewhere : _place;
            if (_blank)
            {
                Restart(); // a blank line: the next event begins
            }

            (_line, _matched, _blank) = (Line.Start, 0, true);
            return;
        }

        _blank = false;
        switch (_line)
        {
            case Line.Data:
                InJson(next);
                break;
            case Line.Start when next >= 0x80 && _matched is 0:
                break; // a byte-order mark
            case Line.Start:
                _line = next != "data:"u8[_matched] ? Line.Other : ++_matched is 5 ? Line.Data : Line.Start;
                break;
        }
    }

    private void InJson(byte next)
    {
        switch (_place)
        {
            case Place.Text or Place.Replaced:
                InText(next);
                break;
            case Place.Before when next is (byte)'{':
                (_place, _depth) = (Place.Key, 1);
                break;
            case Place.Before when next is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'):
                _place = Place.Elsewhere;
                break;
            case Place.Key or Place.Value:
                InObject(next);
                break;
        }
    }

    private void InText(byte next)
    {
        if (_place is Place.Replaced && _theirs.Count < LongestName && (_escaped || next is not (byte)'"'))
        {
            _theirs.Add(next);
        }

        if (_escaped)
        {
            (_escaped, _keyLength) = (false, LongestKey + 1);
        }
        else if (next is (byte)'\\')
        {
            _escaped = true;
        }
        else if (next is not (byte)'"')
        {
            if (_inKey && _keyLength < LongestKey)
            {
                _key[_keyLength] = next;
            }

            _keyLength++;
        }
        else
        {
            EndText();
        }
    }

    private void EndText()
    {
        if (_place is Place.Replaced)
        {
            Theirs ??= Plain([(byte)'"', .. _theirs, (byte)'"']);
        }
        else if (_inKey)
        {
            var key = _keyLength <= LongestKey ? _key.AsSpan(0, _keyLength) : [];
            var wraps = key.SequenceEqual("response"u8) || key.SequenceEqual("message"u8);
            (_isModel, _isResponse) = (key.SequenceEqual("model"u8), _depth is 1 && wraps);
        }

        (_place, _inKey) = (Place.Value, false);
    }

    private static string? Plain(byte[] quoted)
    {
        var json = new Utf8JsonReader(quoted);
        try
        {
            return json.Read() ? json.GetString() : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void InObject(byte next)
    {
        var looked = _depth is 1 || (_depth is 2 && _inResponse);
        switch (next)
        {
            case (byte)'"':
                (_inKey, _keyLength) = (_place is Place.Key, 0);
                _place = looked && !_inKey && _isModel ? Place.Replaced : Place.Text;
                _theirs.Clear();
                break;
            case (byte)'{' or (byte)'[':
                _inResponse |= _depth is 1 && _isResponse && next is (byte)'{';
                _depth++;
                _place = _depth is 2 && _inResponse ? Place.Key : Place.Value;
                (_isModel, _isResponse) = (false, false);
                break;
            case (byte)'}' or (byte)']':
                _inResponse &= --_depth > 1;
                _place = _depth is 0 ? Place.Before : Place.Value;
                break;
            case (byte)',':
                (_place, _isModel, _isResponse) = (looked ? Place.Key : Place.Value, false, false);
                break;
        }
    }

    private void Restart() => (_place, _depth, _escaped, _inKey, _isModel, _isResponse, _inResponse) = (Place.Before, 0, false, false, false, false, false);
}
