namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Finds the ends of SSE events in bytes that come in any portions: a blank line, be lines ended by LF, CR or CRLF.
/// A CR ends its line at once; an LF that follows in the next portion is an event of one byte, the tail of the one
/// before.
/// </summary>
internal struct EventScanner
{
    private bool _lineBegun;
    private bool _afterReturn;
    private bool _afterEvent;

    /// <summary>
    /// Finds the end of an event: returns true with the length up to and including it, or false where all bytes belong
    /// to an event that goes on.
    /// </summary>
    public bool Find(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var (afterReturn, afterEvent) = (_afterReturn, _afterEvent);
        (_afterReturn, _afterEvent) = (false, false);
        if (afterReturn && bytes[0] is (byte)'\n')
        {
            length = 1;
            if (afterEvent)
            {
                return true;
            }
        }

        while (true)
        {
            var rest = bytes[length..];
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                _lineBegun |= !rest.IsEmpty;
                length = bytes.Length;
                return false;
            }

            _lineBegun |= end > 0;
            length += end + 1;
            if (rest[end] is (byte)'\r')
            {
                _afterReturn = length == bytes.Length;
                length += !_afterReturn && bytes[length] is (byte)'\n' ? 1 : 0;
            }

            if (!_lineBegun)
            {
                _afterEvent = true;
                return true;
            }

            _lineBegun = false;
        }
    }
}
