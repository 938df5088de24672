using AgentSentinel.Core.Audit;

namespace AgentSentinel.Service.Audit;

/// <summary>The file of the trail: whole lines are added at its end and made durable before anybody relies on them.</summary>
/// <remarks>One writer at a time holds the file, whoever it is: a former owner of the journal adds nothing twice, because a line has a number.</remarks>
internal sealed class AuditFile(string path)
{
    private const int LongestTail = 1 << 20;

    public string AnchorPath => path + ".anchors";

    /// <summary>Adds the lines whose numbers are beyond the last one's.</summary>
    /// <param name="lines">Number and line, in order.</param>
    public void Append(IReadOnlyList<(long Sequence, byte[] Line)> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var last = LastSequence(file);
        foreach (var (sequence, line) in lines)
        {
            if (sequence > last)
            {
                file.Write(line);
                file.WriteByte((byte)'\n');
            }
        }

        file.Flush(flushToDisk: true);
    }

    public void AppendAnchor(AuditAnchor anchor)
    {
        using var file = new FileStream(AnchorPath, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write([.. anchor.ToLine(), (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Erases values from all lines. The file is written anew beside the old one and takes its place when it is whole.</summary>
    public void Erase(string target)
    {
        var next = path + ".erasing";
        using (var from = new StreamReader(path))
        using (var to = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            while (from.ReadLine() is { } line)
            {
                to.Write(AuditErasure.Apply(System.Text.Encoding.UTF8.GetBytes(line), target));
                to.WriteByte((byte)'\n');
            }

            to.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>Number of the last whole line. What a crash left of a further one is cut off: it is still in the checkpoint and comes again.</summary>
    private static long LastSequence(FileStream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, LongestTail)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf((byte)'\n');
        file.SetLength(file.Length - tail.Length + end + 1);
        file.Seek(0, SeekOrigin.End);
        if (end < 0)
        {
            return tail.Length == LongestTail ? throw new InvalidDataException("The audit trail ends with a line that is longer than any that is written.") : 0;
        }

        var begin = tail.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
        return AuditChain.SequenceOf(tail.AsSpan(begin, end - begin))
            ?? throw new InvalidDataException("The last line of the audit trail is no record: the file was changed. Verify it, move it away, and start again.");
    }
}
