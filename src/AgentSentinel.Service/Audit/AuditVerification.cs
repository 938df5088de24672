using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using AgentSentinel.Core.Audit;

namespace AgentSentinel.Service.Audit;

/// <summary>What came out of verifying the audit trail of this service, while it is being written. Who trusts nothing here verifies a copy elsewhere, with <c>sentinel audit verify</c>.</summary>
/// <param name="IsGood">Whether nothing is wrong.</param>
/// <param name="Summary">In one sentence.</param>
/// <param name="Faults">What is wrong, the first ones.</param>
public sealed record AuditVerification(bool IsGood, string Summary, IReadOnlyList<string> Faults)
{
    private const int ShownFaults = 20;

    /// <summary>Verifies a trail with the anchors beside it.</summary>
    /// <param name="path">The trail.</param>
    /// <param name="publicKeyPath">The public key of the anchors, PEM.</param>
    /// <param name="time">Processing time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<AuditVerification> ReadAsync(string path, string publicKeyPath, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return new AuditVerification(false, "There is no audit trail here: it is switched off, or written by another instance.", []);
        }

        var (verifier, refused) = (new AuditVerifier(), 0);
        try
        {
            // Anchors first: what is anchored is in the trail already.
            if (File.Exists(path + ".anchors"))
            {
                using var key = ECDsa.Create();
                key.ImportFromPem(await File.ReadAllTextAsync(publicKeyPath, cancellationToken));
                await ReadLinesAsync(path + ".anchors", line => refused += verifier.TryAddAnchor(line, key) ? 0 : 1, time, cancellationToken);
            }

            verifier.Finish(await ReadLinesAsync(path, verifier.Take, time, cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return new AuditVerification(false, $"The trail cannot be verified ({error.GetType().Name}).", []);
        }

        var isGood = verifier.Faults.Count == 0 && refused == 0;
        return new AuditVerification(
            isGood,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(isGood ? "Good" : "NOT GOOD")}: {verifier.Lines} records, {verifier.Faults.Count} faults, {(verifier.LastAnchored == 0 ? "none of them anchored" : $"anchored up to record {verifier.LastAnchored} by {verifier.AnchorsMet} anchors")}{(refused > 0 ? $", {refused} anchors that the key has not signed" : "")}."),
            [.. verifier.Faults.Take(ShownFaults).Select(f => f.ToString())]);
    }

    /// <returns>Whether the last line ended with a line break.</returns>
    private static async Task<bool> ReadLinesAsync(string path, LineAction take, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true);
        var reader = PipeReader.Create(file);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                take(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                // A line that is being written at this very moment is not there yet: it is the next verification's.
                var isWhole = buffer.IsEmpty || time.GetUtcNow() - File.GetLastWriteTimeUtc(path) < TimeSpan.FromSeconds(2);
                await reader.CompleteAsync();
                return isWhole;
            }
        }
    }

    private delegate void LineAction(ReadOnlySpan<byte> line);
}
