namespace AgentSentinel.Core.Detectors;

/// <summary>Secrets that are known by their form.</summary>
internal enum SecretKind
{
    None,
    CloudAccessKey,
    ForgeToken,
    ChatToken,
    PaymentKey,
    ModelKey,
    PackageToken,
    WebToken,
    PrivateKey,
    ConnectionPassword,

    /// <summary>No known form: letters and digits as random as a key's, named as one.</summary>
    RandomKey,
}
