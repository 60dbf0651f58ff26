using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Freeway.Runner.Broker.Journaling;

/// <summary>
/// The append-only file of one queue. What is appended while one write is under way goes out together in the next one,
/// so that many senders share a write. A file that is mostly dead is rewritten with what still lives, aside, and put in
/// place of the old one in one step.
/// </summary>
/// <remarks>
/// <see cref="Append"/> and <see cref="Written"/> are called under the queue's lock, and the writer swaps its buffers
/// under the same lock: a rewrite thus sees the queue exactly as it is after the last record appended.
/// </remarks>
internal sealed partial class JournalFile : IJournal, IAsyncDisposable
{
    private readonly string _path;
    private readonly IJournaled _journaled;
    private readonly Lock _gate;
    private readonly long _compactionBytes;
    private readonly ILogger _logger;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Task _writing;
    private ArrayBufferWriter<byte> _filling = new(64 * 1024);
    private ArrayBufferWriter<byte> _spare = new(64 * 1024);
    private TaskCompletionSource _next = NewGroup();
    private Task _lastTaken = Task.CompletedTask;
    private SafeFileHandle _file;
    private long _length;
    private long _lengthWhenRewritten;
    private Exception? _failure;

    private JournalFile(string path, IJournaled journaled, Lock gate, long compactionBytes, ILogger logger)
    {
        _path = path;
        _journaled = journaled;
        _gate = gate;
        _compactionBytes = compactionBytes;
        _logger = logger;
        _file = Rewrite(journaled.ToRecords());
        _writing = WriteAsync();
    }

    /// <summary>
    /// Replays the file into <paramref name="journaled"/>, rewrites it without what is dead, and goes on with it. A file
    /// that does not end in a whole record is kept beside it as <c>.torn</c>.
    /// </summary>
    public static async Task<JournalFile> OpenAsync(
        string path, IJournaled journaled, Lock gate, TimeProvider time, long compactionBytes, ILogger logger)
    {
        var skipped = await JournalReader.ReplayAsync(path, journaled).ConfigureAwait(false);
        if (skipped > 0)
        {
            File.Copy(path, path + ".torn", overwrite: true);
            TornJournal(logger, path, skipped);
        }

        lock (gate)
        {
            journaled.Recover(time.GetUtcNow());
            var journal = new JournalFile(path, journaled, gate, compactionBytes, logger);
            journaled.Journal = journal;
            return journal;
        }
    }

    public void Append(in JournalRecord record)
    {
        if (_failure is null)
        {
            JournalCodec.Encode(record, _filling);
            _wake.Writer.TryWrite(true);
        }
    }

    public Task Written()
    {
        if (_failure is { } failure)
        {
            return Task.FromException(failure);
        }

        return _filling.WrittenCount > 0 ? _next.Task : _lastTaken;
    }

    public async ValueTask DisposeAsync()
    {
        _wake.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        _file.Dispose();
    }

    private static TaskCompletionSource NewGroup() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync()
    {
        while (await _wake.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _wake.Reader.TryRead(out _);
            await WriteGroupAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteGroupAsync()
    {
        TaskCompletionSource group;
        ArrayBufferWriter<byte> bytes;
        IReadOnlyList<JournalRecord>? living = null;
        lock (_gate)
        {
            bytes = _filling;
            if (bytes.WrittenCount == 0 || _failure is not null)
            {
                return;
            }

            (_filling, _spare) = (_spare, bytes);
            (group, _next) = (_next, NewGroup());
            _lastTaken = group.Task;
            if (_length > _compactionBytes && _length > 4 * _lengthWhenRewritten)
            {
                living = _journaled.ToRecords();
            }
        }

        try
        {
            if (living is not null)
            {
                var before = _length;
                var old = _file;
                _file = Rewrite(living);
                old.Dispose();
                JournalRewritten(_logger, _path, before, _length);
            }
            else
            {
                await RandomAccess.WriteAsync(_file, bytes.WrittenMemory, _length).ConfigureAwait(false);
                _length += bytes.WrittenCount;
            }

            group.SetResult();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            JournalFailed(_logger, exception, _path);
            lock (_gate)
            {
                _failure = exception;
                _next.TrySetException(exception);
            }

            group.SetException(exception);
        }
        finally
        {
            bytes.ResetWrittenCount();
        }
    }

    private SafeFileHandle Rewrite(IReadOnlyList<JournalRecord> records)
    {
        var aside = _path + ".new";
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        long written = 0;
        var file = File.OpenHandle(aside, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        buffer.Write(JournalReader.Magic);
        foreach (var record in records)
        {
            JournalCodec.Encode(record, buffer);
            if (buffer.WrittenCount > 1024 * 1024)
            {
                Flush();
            }
        }

        Flush();
        File.Move(aside, _path, overwrite: true);
        _length = _lengthWhenRewritten = written;
        return file;

        void Flush()
        {
            RandomAccess.Write(file, buffer.WrittenSpan, written);
            written += buffer.WrittenCount;
            buffer.ResetWrittenCount();
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The last {Bytes} bytes of {Path} are no whole record and were left out; a copy is beside it as .torn.")]
    private static partial void TornJournal(ILogger logger, string path, long bytes);

    [LoggerMessage(4, LogLevel.Information, "Rewrote {Path}: {Before} bytes became {After}.")]
    private static partial void JournalRewritten(ILogger logger, string path, long before, long after);

    [LoggerMessage(5, LogLevel.Critical, "{Path} cannot be written. The queue refuses messages from now on.")]
    private static partial void JournalFailed(ILogger logger, Exception exception, string path);
}
