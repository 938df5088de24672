using System.Security.Cryptography;
using AgentSentinel.Core.Audit;

namespace AgentSentinel.Service.Audit;

/// <summary>The key that signs anchors. Made at the first start when there is none, readable by its owner only.</summary>
internal sealed class AnchorKey : IDisposable
{
    private readonly ECDsa _key;

    private AnchorKey(ECDsa key) => _key = key;

    public static AnchorKey Open(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            if (!File.Exists(path))
            {
                // Another instance may be first: then its key counts.
                Create(path, key.ExportPkcs8PrivateKeyPem());
            }

            key.ImportFromPem(File.ReadAllText(path));
            File.WriteAllText(PublicPath(path), key.ExportSubjectPublicKeyInfoPem());
            return new AnchorKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Where the public key lies: beside the private one.</summary>
    public static string PublicPath(string path) => Path.ChangeExtension(path, ".pub.pem");

    public AuditAnchor Sign(AuditAnchor anchor) => anchor.With(_key.SignData(anchor.SignedBytes(), HashAlgorithmName.SHA256));

    public void Dispose() => _key.Dispose();

    private static void Create(string path, string pem)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, options);
            file.Write(pem);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
    }
}
