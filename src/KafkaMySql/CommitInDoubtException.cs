namespace KafkaMySql;

/// <summary>The connection ended while a commit was under way.</summary>
internal sealed class CommitInDoubtException(CommitDoubt doubt, Exception inner)
    : Exception("The outcome of the commit is not known.", inner)
{
    public CommitDoubt Doubt { get; } = doubt;
}
