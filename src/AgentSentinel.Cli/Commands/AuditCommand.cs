using System.CommandLine;
using System.Security.Cryptography;
using AgentSentinel.Cli.Replay;
using AgentSentinel.Core.Audit;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel audit</c>: what can be done with an audit trail, without the service that wrote it but for what changes it.</summary>
internal static class AuditCommand
{
    // Longer than any line that is written, evidence and all.
    private const int LongestLine = 16 << 20;
    private const int ShownFaults = 20;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The trail." };
        var anchors = new Option<string?>("--anchors") { Description = "The anchors; FILE.anchors when not given." };
        var key = new Option<string?>("--key") { Description = "The public key of the anchors, PEM; audit-key.pub.pem beside FILE when not given. Without a copy from elsewhere the trail is only as good as the folder it lies in." };
        var verify = new Command("verify", "Find whatever was edited, deleted, inserted, put into another order or cut off. Works offline.") { file, anchors, key };
        verify.SetAction(arguments =>
        {
            var path = arguments.GetValue(file)!;
            return Verify(
                path,
                arguments.GetValue(anchors) ?? path + ".anchors",
                arguments.GetValue(key) ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "audit-key.pub.pem"));
        });
        return new Command("audit", "Audit trails.") { ListCommands.Audit(), verify, OperatorCommandLines.Erase() };
    }

    private static int Verify(string path, string anchorPath, string keyPath)
    {
        var verifier = new AuditVerifier();
        try
        {
            var refused = ReadAnchors(verifier, anchorPath, keyPath);
            using (var stream = Files.OpenRead(path))
            {
                var lines = new LineReader(stream, LongestLine);
                while (lines.TryRead(out var line))
                {
                    verifier.Take(line.Span);
                }
            }

            verifier.Finish(EndsWithLineBreak(path));
            return Tell(verifier, refused, anchorPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or CryptographicException or ArgumentException)
        {
            Console.Error.WriteLine($"Cannot verify: {error.Message}");
            return ExitCode.Failed;
        }
    }

    private static int ReadAnchors(AuditVerifier verifier, string anchorPath, string keyPath)
    {
        if (!File.Exists(anchorPath))
        {
            Console.Error.WriteLine($"No anchors at {anchorPath}: a trail that was rewritten as a whole, or cut off, cannot be told from a good one.");
            return 0;
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(keyPath));
        using var stream = Files.OpenRead(anchorPath);
        var (lines, refused) = (new LineReader(stream, LongestLine), 0);
        while (lines.TryRead(out var line))
        {
            if (!verifier.TryAddAnchor(line.Span, key))
            {
                refused++;
                Console.Error.WriteLine($"{anchorPath}:{lines.LineNumber}: no anchor that the key has signed");
            }
        }

        return refused;
    }

    private static int Tell(AuditVerifier verifier, int refused, string anchorPath)
    {
        foreach (var fault in verifier.Faults.Take(ShownFaults))
        {
            Console.Out.WriteLine(fault);
        }

        if (verifier.Faults.Count > ShownFaults)
        {
            Console.Out.WriteLine($"and {verifier.Faults.Count - ShownFaults} more");
        }

        var isGood = verifier.Faults.Count == 0 && refused == 0;
        var anchored = verifier.LastAnchored == 0 ? "none of them anchored" : $"anchored up to record {verifier.LastAnchored} by {verifier.AnchorsMet} anchor(s) of {anchorPath}";
        Console.Out.WriteLine($"{(isGood ? "Good" : "NOT GOOD")}: {verifier.Lines} record(s), {anchored}.");
        return isGood ? ExitCode.Success : ExitCode.Failed;
    }

    private static bool EndsWithLineBreak(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length == 0)
        {
            return true;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
