using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Consistency.Persistence.Migrations;

/// <summary>
/// The tables. Written as statements because a process may be ended between any two of them: each makes one whole table, or finds it there.
/// </summary>
[DbContext(typeof(ConsistencyDb))]
[Migration("20261123222500_Initial")]
internal sealed class Initial : Migration
{
    private const string Options = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS difference (
                id BIGINT NOT NULL AUTO_INCREMENT,
                trace_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
                class VARCHAR(32) NOT NULL,
                type VARCHAR(64) NULL,
                event_id VARCHAR(250) NULL,
                partition_no SMALLINT UNSIGNED NOT NULL,
                bucket BIGINT UNSIGNED NOT NULL,
                seq BIGINT UNSIGNED NULL,
                first_seen DATETIME(6) NOT NULL,
                last_seen DATETIME(6) NOT NULL,
                closed_at DATETIME(6) NULL,
                closed_by VARCHAR(100) NULL,
                reason VARCHAR(1000) NULL,
                PRIMARY KEY (id),
                UNIQUE KEY difference_trace_id (trace_id, class),
                KEY difference_bucket (partition_no, bucket),
                KEY difference_closed (closed_at)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS book (
                partition_no SMALLINT UNSIGNED NOT NULL,
                bucket BIGINT UNSIGNED NOT NULL,
                type_id SMALLINT UNSIGNED NOT NULL,
                storage_rows BIGINT NOT NULL,
                storage_digest BIGINT UNSIGNED NOT NULL,
                queue_rows BIGINT NOT NULL,
                queue_digest BIGINT UNSIGNED NOT NULL,
                checked_at DATETIME(6) NOT NULL,
                computed_at DATETIME(6) NOT NULL,
                PRIMARY KEY (partition_no, bucket, type_id),
                KEY book_computed (computed_at)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS partition_state (
                partition_no SMALLINT UNSIGNED NOT NULL,
                cut_seq BIGINT UNSIGNED NOT NULL,
                verified_bucket BIGINT UNSIGNED NOT NULL,
                PRIMARY KEY (partition_no)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS check_run (
                id BIGINT NOT NULL AUTO_INCREMENT,
                kind VARCHAR(16) NOT NULL,
                started_at DATETIME(6) NOT NULL,
                milliseconds INT NOT NULL,
                status VARCHAR(16) NOT NULL,
                error VARCHAR(1000) NULL,
                document MEDIUMTEXT NULL,
                detail MEDIUMTEXT NULL,
                PRIMARY KEY (id)
            ) {Options}
            """
        );
    }

    /// <summary>There is no way back: it would drop what operators wrote.</summary>
    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Differences are never dropped.");
}
